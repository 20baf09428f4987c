using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>
/// The decoder of the llama and qwen3 families in torch: RMS norm, optional query-key norm, rotary positions, grouped-query attention,
/// SwiGLU. Reads its parameters from one flat vector and accumulates their gradients into another.
/// </summary>
/// <remarks>Used by one thread at a time; several decoders may share the parameters, each with a gradient of its own.</remarks>
public sealed class Decoder : IDisposable
{
    private readonly ModelConfig _config;
    private readonly Tensor _embedding;
    private readonly Tensor _finalNorm;
    private readonly Tensor _head;
    private readonly DecoderLayer[] _layers;
    private readonly List<Tensor> _leaves = [];

    /// <param name="config">The shape.</param>
    /// <param name="parameters">The weights, which this decoder does not own.</param>
    /// <param name="gradients">Receives the gradients, of the same layout; null for a decoder that only runs forward.</param>
    public Decoder(ModelConfig config, FlatParameters parameters, FlatParameters? gradients)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(parameters);
        _config = config;
        using var scope = NewDisposeScope();
        var layout = parameters.Layout;
        Tensor Leaf(params string[] names)
        {
            // Neighbours in the layout (gate and up) are read as one matrix.
            var specs = names.Select(n => layout[n]).ToArray();
            long[] shape = [specs.Sum(s => s.Shape[0]), .. specs[0].Shape.Skip(1).Select(size => (long)size)];
            var leaf = parameters.View(specs[0].Offset, shape).detach();
            if (gradients is not null)
            {
                leaf.requires_grad_(true);
                leaf.grad = gradients.View(specs[0].Offset, shape);
            }

            _leaves.Add(leaf.DetachFromDisposeScope());
            return leaf;
        }

        _embedding = Leaf("model.embed_tokens.weight");
        _finalNorm = Leaf("model.norm.weight");
        _head = config.TieWordEmbeddings ? _embedding : Leaf("lm_head.weight");
        _layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new DecoderLayer(config, layer, names => Leaf([.. names.Select(n => $"model.layers.{layer}.{n}")])))];
        Rotary = new RotaryAngles(config, parameters.Tensor.device);
    }

    /// <summary>The angles of every position, on the device of the parameters.</summary>
    internal RotaryAngles Rotary { get; }

    /// <summary>The hidden states before the head, for every packed token. [tokens, hidden]</summary>
    public Tensor Hidden(PackedTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var scope = NewDisposeScope();
        return Hidden(tensor(tokens.Ids), new PackedAttention(_config, Rotary, tokens)).MoveToOuterDisposeScope();
    }

    /// <summary>The same for tokens that attend as <paramref name="context"/> lets them. [tokens, hidden]</summary>
    internal Tensor Hidden(Tensor ids, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var x = _embedding.index_select(0, ids);
        foreach (var layer in _layers)
        {
            x = layer.Forward(x, context);
        }

        return DecoderLayer.Norm(x, _finalNorm, _config.RmsNormEpsilon).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of hidden states. [rows, vocabulary]</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, _head);

    public void Dispose()
    {
        _leaves.ForEach(leaf => leaf.Dispose());
        Rotary.Dispose();
    }
}
