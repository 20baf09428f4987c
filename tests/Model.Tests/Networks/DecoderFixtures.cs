using System.Runtime.InteropServices;
using Intellect3.Model.Native;
using Intellect3.Model.Networks;
using static TorchSharp.torch;

namespace Intellect3.Model.Tests.Networks;

/// <summary>The decoder in torch against transformers on tiny checkpoints: one file and shards, float32 and bfloat16, the configs of transformers 4 and 5.</summary>
public sealed class DecoderFixtures
{
    [Theory]
    [InlineData("qwen3-f32")]
    [InlineData("llama-f32")]
    [InlineData("qwen3-bf16")]
    [InlineData("llama-bf16")]
    public void Logits_and_log_probabilities_agree(string name)
    {
        using var reference = new ReferenceModel(name);
        using var network = new Network(reference, withGradients: false);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = reference.Ids("ids");
        var logits = network.Logits(ids);
        ReferenceModel.AssertClose(reference.Floats("logits"), Values(logits), ReferenceModel.LogitTolerance, $"{name}, logits");
        ReferenceModel.AssertClose(reference.Floats("logprobs"), Values(LogProbabilities(logits, ids)), ReferenceModel.LogProbabilityTolerance, $"{name}, log-probabilities");
    }

    [Theory]
    [InlineData("qwen3-f32")]
    [InlineData("llama-f32")]
    public void Packed_sequences_do_not_see_each_other(string name)
    {
        using var reference = new ReferenceModel(name);
        using var network = new Network(reference, withGradients: false);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = reference.Ids("ids");
        var logits = network.Logits([ids[0][..15], ids[1][..9]]);
        ReferenceModel.AssertClose(reference.Floats("packed_logits"), Values(logits), ReferenceModel.LogitTolerance, $"{name}, packed logits");
    }

    [Theory]
    [InlineData("qwen3-f32")]
    [InlineData("llama-f32")]
    public void Gradients_agree(string name)
    {
        using var reference = new ReferenceModel(name);
        using var network = new Network(reference, withGradients: true);
        using var scope = NewDisposeScope();
        var ids = reference.Ids("ids");
        LogProbabilities(network.Logits(ids), ids).mean().neg().backward();
        foreach (var tensor in network.Gradients!.Layout.Tensors)
        {
            var gradient = network.Gradients.Values.Slice((int)tensor.Offset, (int)tensor.Count);
            ReferenceModel.AssertClose(reference.Floats($"grad.{tensor.Name}"), gradient, ReferenceModel.GradientTolerance, $"{name}, gradient of {tensor.Name}");
        }
    }

    /// <summary>Of each row's tokens after its first. [rows, tokens - 1]</summary>
    private static Tensor LogProbabilities(Tensor logits, int[][] ids)
    {
        var (rows, length) = (ids.Length, ids[0].Length);
        var targets = tensor(ids.SelectMany(row => row.Skip(1)).Select(id => (long)id).ToArray(), [rows, length - 1, 1]);
        return logits.view(rows, length, -1).narrow(1, 0, length - 1).log_softmax(-1).gather(2, targets).squeeze(2);
    }

    private static ReadOnlySpan<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes);

    private sealed class Network : IDisposable
    {
        private readonly FlatParameters _parameters;
        private readonly Decoder _decoder;

        public Network(ReferenceModel reference, bool withGradients)
        {
            TorchNative.EnsureLoaded();
            var (config, parameters) = reference.Model;
            _parameters = new FlatParameters(parameters.Layout);
            parameters.Values.CopyTo(_parameters.Values);
            Gradients = withGradients ? new FlatParameters(parameters.Layout) : null;
            _decoder = new Decoder(config, _parameters, Gradients);
        }

        public FlatParameters? Gradients { get; }

        /// <summary>[tokens, vocabulary]</summary>
        public Tensor Logits(int[][] sequences) => _decoder.Logits(_decoder.Hidden(PackedTokens.From(sequences)));

        public void Dispose()
        {
            _decoder.Dispose();
            Gradients?.Dispose();
            _parameters.Dispose();
        }
    }
}
