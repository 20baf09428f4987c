using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>Cosines and sines of rotary embedding (Su et al., arXiv 2104.09864) for every position a model has: computed in double, as the CPU engine's table is, then rounded.</summary>
internal sealed class RotaryAngles : IDisposable
{
    public RotaryAngles(ModelConfig config, Device device)
    {
        var half = config.HeadDimension / 2;
        var (cos, sin) = (new float[config.MaxPositions * half], new float[config.MaxPositions * half]);
        for (var position = 0; position < config.MaxPositions; position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * Math.Pow(config.RopeTheta, -2.0 * i / config.HeadDimension);
                cos[position * half + i] = (float)Math.Cos(angle);
                sin[position * half + i] = (float)Math.Sin(angle);
            }
        }

        Cos = tensor(cos, [config.MaxPositions, half], device: device).DetachFromDisposeScope();
        Sin = tensor(sin, [config.MaxPositions, half], device: device).DetachFromDisposeScope();
    }

    /// <summary>[positions, dimension / 2]</summary>
    public Tensor Cos { get; }

    /// <summary>[positions, dimension / 2]</summary>
    public Tensor Sin { get; }

    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
