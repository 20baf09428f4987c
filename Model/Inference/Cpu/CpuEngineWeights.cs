using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;
using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>A policy version in packed panels: q, k and v are one matrix, gate and up another. Norms and the embedding, of which rows are read, stay as they are.</summary>
internal sealed class CpuEngineWeights : EngineWeights
{
    /// <summary>Packs <paramref name="parameters"/>, of which nothing is kept.</summary>
    public CpuEngineWeights(PolicyVersion version, ModelConfig config, ParameterSet parameters, KernelPath path, PanelStorage storage)
        : base(version)
    {
        Config = config;
        Path = path;
        Embedding = Vector("model.embed_tokens.weight");
        Norm = Vector("model.norm.weight");
        Head = Pack(config.HiddenSize, config.TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
        Layers = new Layer[config.Layers];
        for (var i = 0; i < Layers.Length; i++)
        {
            var (attention, feedForward) = ($"model.layers.{i}.self_attn.", $"model.layers.{i}.mlp.");
            Layers[i] = new Layer(
                Vector($"model.layers.{i}.input_layernorm.weight"),
                Pack(config.HiddenSize, attention + "q_proj.weight", attention + "k_proj.weight", attention + "v_proj.weight"),
                config.QueryKeyNorm ? Vector(attention + "q_norm.weight") : [],
                config.QueryKeyNorm ? Vector(attention + "k_norm.weight") : [],
                Pack(config.AttentionHeads * config.HeadDimension, attention + "o_proj.weight"),
                Vector($"model.layers.{i}.post_attention_layernorm.weight"),
                Pack(config.HiddenSize, feedForward + "gate_proj.weight", feedForward + "up_proj.weight"),
                Pack(config.IntermediateSize, feedForward + "down_proj.weight"));
        }

        float[] Vector(string name) => parameters[name].ToArray();

        PackedMatrix Pack(int depth, params string[] names) =>
            PackedMatrix.Pack(path, storage, depth, Array.ConvertAll(names, name => (ReadOnlyMemory<float>)Vector(name)));
    }

    public ModelConfig Config { get; }

    public KernelPath Path { get; }

    /// <summary>[vocabulary, hidden]</summary>
    public float[] Embedding { get; }

    public Layer[] Layers { get; }

    /// <summary>Of the last layer's output. [hidden]</summary>
    public float[] Norm { get; }

    /// <summary>Hidden to vocabulary.</summary>
    public PackedMatrix Head { get; }

    protected override void Free()
    {
        Head.Dispose();
        foreach (var layer in Layers)
        {
            layer.QueryKeyValue.Dispose();
            layer.Output.Dispose();
            layer.GateUp.Dispose();
            layer.Down.Dispose();
        }
    }

    /// <summary>One decoder layer; the norms of queries and keys are empty where the model has none.</summary>
    internal sealed record Layer(
        float[] InputNorm,
        PackedMatrix QueryKeyValue,
        float[] QueryNorm,
        float[] KeyNorm,
        PackedMatrix Output,
        float[] FeedForwardNorm,
        PackedMatrix GateUp,
        PackedMatrix Down);
}
