using Intellect3.Model.Configuration;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Intellect3.Model.Networks;

/// <summary>One block: attention and feed-forward, each behind a norm and around a residual.</summary>
internal sealed class DecoderLayer
{
    private readonly ModelConfig _config;
    private readonly int _index;
    private readonly Tensor _inputNorm;
    private readonly Tensor _postNorm;
    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly Tensor _value;
    private readonly Tensor _output;
    private readonly Tensor? _queryNorm;
    private readonly Tensor? _keyNorm;
    private readonly Tensor _gateUp;
    private readonly Tensor _down;

    /// <param name="config">The shape.</param>
    /// <param name="index">Which layer, from 0.</param>
    /// <param name="leaf">Gives the parameter of a name within the layer; several neighbours as one matrix.</param>
    public DecoderLayer(ModelConfig config, int index, Func<string[], Tensor> leaf)
    {
        (_config, _index) = (config, index);
        _inputNorm = leaf(["input_layernorm.weight"]);
        _postNorm = leaf(["post_attention_layernorm.weight"]);
        _query = leaf(["self_attn.q_proj.weight"]);
        _key = leaf(["self_attn.k_proj.weight"]);
        _value = leaf(["self_attn.v_proj.weight"]);
        _output = leaf(["self_attn.o_proj.weight"]);
        if (config.QueryKeyNorm)
        {
            _queryNorm = leaf(["self_attn.q_norm.weight"]);
            _keyNorm = leaf(["self_attn.k_norm.weight"]);
        }

        _gateUp = leaf(["mlp.gate_proj.weight", "mlp.up_proj.weight"]);
        _down = leaf(["mlp.down_proj.weight"]);
    }

    /// <summary>x / sqrt(mean(x^2) + epsilon) * weight over the last dimension.</summary>
    public static Tensor Norm(Tensor x, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        return (x * (x * x).mean([-1], keepdim: true).add(KeptScalar.Of(epsilon), KeptScalar.One).rsqrt() * weight).MoveToOuterDisposeScope();
    }

    /// <summary>[tokens, hidden] to the same.</summary>
    public Tensor Forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var attended = x.Plus(Attention(Norm(x, _inputNorm, _config.RmsNormEpsilon), context));
        return attended.Plus(FeedForward(Norm(attended, _postNorm, _config.RmsNormEpsilon))).MoveToOuterDisposeScope();
    }

    private static Tensor Rotate(Tensor x, AttentionContext context)
    {
        var halves = x.chunk(2, dim: -1);
        var (left, right) = (halves[0], halves[1]);
        return cat([left * context.Cos - right * context.Sin, (right * context.Cos).Plus(left * context.Sin)], dim: -1);
    }

    private Tensor Attention(Tensor x, AttentionContext context)
    {
        var (heads, kvHeads, dimension) = (_config.AttentionHeads, _config.KeyValueHeads, _config.HeadDimension);
        var query = F.linear(x, _query).view(-1, heads, dimension);
        var key = F.linear(x, _key).view(-1, kvHeads, dimension);
        var value = F.linear(x, _value).view(-1, kvHeads, dimension);
        if (_queryNorm is not null)
        {
            query = Norm(query, _queryNorm, _config.RmsNormEpsilon);
            key = Norm(key, _keyNorm!, _config.RmsNormEpsilon);
        }

        return F.linear(context.Attend(_index, Rotate(query, context), Rotate(key, context), value), _output);
    }

    private Tensor FeedForward(Tensor x)
    {
        var gateUp = F.linear(x, _gateUp).chunk(2, dim: -1);
        return F.linear(F.silu(gateUp[0]) * gateUp[1], _down);
    }
}
