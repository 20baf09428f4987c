using Intellect3.Model.Configuration;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>The model of a folder on an engine of this process. One thread uses it.</summary>
internal sealed class LocalEngine : IDisposable
{
    // What evaluation spends on keys and values at most, whatever the model's size.
    private const long CacheBytes = 512L << 20;
    private const int BlockTokens = 16;

    private LocalEngine(ModelConfig config, IInferenceEngine engine) => (Config, Engine) = (config, engine);

    public ModelConfig Config { get; }

    public IInferenceEngine Engine { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">In Hugging Face's layout.</param>
    /// <param name="slots">Sequences at once.</param>
    /// <param name="longest">The longest sequence that will be asked for, in tokens; the model's own where that is shorter.</param>
    /// <exception cref="ModelFolderException">The folder holds no model that we run.</exception>
    public static LocalEngine Open(string folder, int slots, long longest = long.MaxValue)
    {
        using var model = ModelFolder.Load(folder);
        var factory = FactoryOf(folder, model.Config);
        using var weights = factory.Prepare(default, model.Parameters);
        var engine = factory.Create(new EngineOptions { Slots = slots, BlockTokens = BlockTokens, CacheTokens = CacheTokens(model.Config, slots, longest) });
        engine.SetWeights(weights, KvOnUpdate.Keep);
        return new LocalEngine(model.Config, engine);
    }

    /// <summary>Computes on a thread of its own, never on the pool's.</summary>
    public static Task<T> OnThreadAsync<T>(Func<T> compute) => Task.Factory.StartNew(compute, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => Engine.Dispose();

    private static CpuEngineFactory FactoryOf(string folder, ModelConfig config)
    {
        try
        {
            return new CpuEngineFactory(config);
        }
        catch (ArgumentException e)
        {
            throw new ModelFolderException(folder, e.Message, e);
        }
    }

    // Room for every slot at full length if that is affordable, and for one sequence in any case; whole blocks.
    private static int CacheTokens(ModelConfig config, int slots, long longest)
    {
        var sequence = RoundUp(Math.Min(longest, config.MaxPositions));
        var bytesOfToken = 2L * sizeof(float) * config.Layers * config.KeyValueHeads * config.HeadDimension;
        return (int)RoundUp(Math.Min(sequence * slots, Math.Max(sequence, CacheBytes / bytesOfToken)));
    }

    private static long RoundUp(long tokens) => (tokens + BlockTokens - 1) / BlockTokens * BlockTokens;
}
