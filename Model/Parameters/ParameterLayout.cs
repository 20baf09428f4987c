using Intellect3.Model.Configuration;

namespace Intellect3.Model.Parameters;

/// <summary>Where each tensor of a model lies in its flat parameter vector: by name in ordinal order, without gaps. A function of the <see cref="ModelConfig"/>.</summary>
public sealed class ParameterLayout
{
    private readonly Dictionary<string, TensorSpec> _byName;

    private ParameterLayout(IReadOnlyList<TensorSpec> tensors)
    {
        Tensors = tensors;
        Count = tensors.Sum(t => t.Count);
        _byName = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>Elements in all.</summary>
    public long Count { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such tensor.</exception>
    public TensorSpec this[string name] => _byName.TryGetValue(name, out var spec) ? spec : throw new KeyNotFoundException($"the model has no tensor named '{name}'");

    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The layout of a model of this shape (llama and qwen3; a tied head has no <c>lm_head.weight</c>).</summary>
    public static ParameterLayout For(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var shapes = new SortedDictionary<string, int[]>(StringComparer.Ordinal)
        {
            ["model.embed_tokens.weight"] = [config.VocabularySize, config.HiddenSize],
            ["model.norm.weight"] = [config.HiddenSize],
        };
        if (!config.TieWordEmbeddings)
        {
            shapes["lm_head.weight"] = [config.VocabularySize, config.HiddenSize];
        }

        var query = config.AttentionHeads * config.HeadDimension;
        var keyValue = config.KeyValueHeads * config.HeadDimension;
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            shapes[prefix + "input_layernorm.weight"] = [config.HiddenSize];
            shapes[prefix + "post_attention_layernorm.weight"] = [config.HiddenSize];
            shapes[prefix + "self_attn.q_proj.weight"] = [query, config.HiddenSize];
            shapes[prefix + "self_attn.k_proj.weight"] = [keyValue, config.HiddenSize];
            shapes[prefix + "self_attn.v_proj.weight"] = [keyValue, config.HiddenSize];
            shapes[prefix + "self_attn.o_proj.weight"] = [config.HiddenSize, query];
            shapes[prefix + "mlp.gate_proj.weight"] = [config.IntermediateSize, config.HiddenSize];
            shapes[prefix + "mlp.up_proj.weight"] = [config.IntermediateSize, config.HiddenSize];
            shapes[prefix + "mlp.down_proj.weight"] = [config.HiddenSize, config.IntermediateSize];
            if (config.QueryKeyNorm)
            {
                shapes[prefix + "self_attn.q_norm.weight"] = [config.HeadDimension];
                shapes[prefix + "self_attn.k_norm.weight"] = [config.HeadDimension];
            }
        }

        var tensors = new List<TensorSpec>(shapes.Count);
        var offset = 0L;
        foreach (var (name, shape) in shapes)
        {
            var spec = new TensorSpec(name, shape, offset);
            tensors.Add(spec);
            offset += spec.Count;
        }

        return new ParameterLayout(tensors);
    }
}
