using System.Collections.Concurrent;
using Intellect3.Environments.Tasks;
using Intellect3.Kernels.Features;
using Intellect3.Model.Configuration;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;
using Intellect3.Model.Inference.Torch;
using Intellect3.Model.Parameters;
using Intellect3.Model.Rendering;
using Intellect3.Model.Tokenization;

namespace Intellect3.Actors.Coordination;

/// <summary>What every node of a run makes of its settings: the model's shape, its tokenizer, the environments, and how to render for them. Immutable and thread-safe.</summary>
public sealed class PolicyContext
{
    private readonly ConcurrentDictionary<string, PlainRenderer> _renderers = new(StringComparer.Ordinal);

    /// <param name="settings">The run's.</param>
    /// <param name="tasksets">Where environments are looked up.</param>
    /// <exception cref="UnknownTasksetException">An environment is unknown.</exception>
    /// <exception cref="ModelFolderException">The model's folder cannot be used.</exception>
    public PolicyContext(RunSettings settings, TasksetRegistry tasksets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(tasksets);
        Settings = settings;
        Tasksets = settings.Environments.ToDictionary(e => e.Name, e => tasksets.Get(e.Name), StringComparer.Ordinal);
        Config = settings.Model.Folder is { } folder ? ModelFolder.LoadConfig(folder) : NewModel(settings.Model);
        Tokenizer = settings.Model.Folder is { } source ? TokenizerFile.Load(source) : new CharacterTokenizer();
    }

    public RunSettings Settings { get; }

    public ModelConfig Config { get; }

    public CharacterTokenizer Tokenizer { get; }

    /// <summary>The run's environments by name.</summary>
    public IReadOnlyDictionary<string, Taskset> Tasksets { get; }

    /// <summary>The weights that the run begins with; the caller disposes them.</summary>
    public ParameterSet InitialParameters()
    {
        if (Settings.Model.Folder is not { } folder)
        {
            return ParameterInitializer.Initialize(Config, Settings.Seed);
        }

        return ModelFolder.Load(folder).Parameters;
    }

    /// <summary>The renderer for the episodes of environments with these limits.</summary>
    /// <exception cref="ArgumentException">A stop sequence is no token of the model.</exception>
    public PlainRenderer RendererFor(EpisodeLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return _renderers.GetOrAdd(string.Join('\0', limits.StopSequences), _ => new PlainRenderer(Tokenizer, limits.StopSequences));
    }

    /// <summary>Makes the node's engines.</summary>
    public IEngineFactory EngineFactory() =>
        Settings.Rollout.Backend == "torch" ? new TorchEngineFactory(Config) : new CpuEngineFactory(Config, KernelPaths.Parse(Settings.Device.Kernels));

    private static ModelConfig NewModel(ModelSettings model) => new()
    {
        ModelType = "qwen3",
        QueryKeyNorm = true,
        VocabularySize = CharacterTokenizer.Vocabulary.Count,
        HiddenSize = model.HiddenSize,
        IntermediateSize = model.IntermediateSize,
        Layers = model.Layers,
        AttentionHeads = model.AttentionHeads,
        KeyValueHeads = model.KeyValueHeads,
        HeadDimension = model.HeadDimension,
        MaxPositions = model.MaxPositions,
        RopeTheta = model.RopeTheta,
        TieWordEmbeddings = model.TieWordEmbeddings,
        BosTokenId = CharacterTokenizer.BosId,
        EosTokenIds = [CharacterTokenizer.EosId],
        PadTokenId = CharacterTokenizer.PadId,
    };
}
