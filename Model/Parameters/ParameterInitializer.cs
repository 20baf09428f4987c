using System.IO.Hashing;
using System.Text;
using Intellect3.Kernels.Sampling;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Parameters;

/// <summary>
/// A new model's parameters: normal with standard deviation 0.02 for embedding and head, 1 / sqrt(fan-in) for projections, those that write to the
/// residual stream divided further by sqrt(2 * layers), norms 1. Each element is a function of (seed, tensor's name, index) alone.
/// </summary>
public static class ParameterInitializer
{
    private const double EmbeddingDeviation = 0.02;

    /// <summary>The caller disposes what comes back.</summary>
    public static ParameterSet Initialize(ModelConfig config, ulong seed)
    {
        var parameters = new ParameterSet(ParameterLayout.For(config));
        foreach (var tensor in parameters.Layout.Tensors)
        {
            var values = parameters[tensor.Name];
            if (tensor.Shape.Count == 1)
            {
                values.Fill(1);
            }
            else
            {
                Fill(values, seed, XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(tensor.Name)), Deviation(config, tensor));
            }
        }

        return parameters;
    }

    private static double Deviation(ModelConfig config, TensorSpec tensor)
    {
        if (tensor.Name is "model.embed_tokens.weight" or "lm_head.weight")
        {
            return EmbeddingDeviation;
        }

        var writesToResidual = tensor.Name.EndsWith("o_proj.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
        return 1 / Math.Sqrt(tensor.Shape[1]) / (writesToResidual ? Math.Sqrt(2 * config.Layers) : 1);
    }

    /// <summary>Box-Muller in double: one counter a pair.</summary>
    private static void Fill(Span<float> values, ulong seed, ulong tensor, double deviation)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var (x, y, z, w) = Philox.Generate(((uint)(i / 2), 0, (uint)tensor, (uint)(tensor >> 32)), ((uint)seed, (uint)(seed >> 32)));
            var radius = Math.Sqrt(-2 * Math.Log(1 - Philox.ToUnit(x, y))) * deviation;
            var angle = 2 * Math.PI * Philox.ToUnit(z, w);
            values[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * Math.Sin(angle));
            }
        }
    }
}
