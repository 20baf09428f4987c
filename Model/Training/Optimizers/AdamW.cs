using System.Numerics;

namespace Intellect3.Model.Training.Optimizers;

/// <summary>
/// AdamW (Loshchilov &amp; Hutter, arXiv 1711.05101) over flat memory, as torch computes it: decoupled decay first, then moments, then the step with
/// bias-corrected moments. Element-wise, so a slice of the vector gives the same bits alone.
/// </summary>
public static class AdamW
{
    /// <summary>One update from the old buffers into the next ones; the old ones stay as they are. All spans have one length.</summary>
    /// <param name="options">Betas, epsilon, weight decay.</param>
    /// <param name="learningRate">The rate of this update.</param>
    /// <param name="step">The number of this update, from 1.</param>
    /// <param name="scale">Factor of the gradient, from clipping.</param>
    /// <param name="gradient">[parameters]</param>
    /// <param name="old">The state before.</param>
    /// <param name="next">Receives the state after; may be the same memory.</param>
    public static void Update(AdamWOptions options, double learningRate, long step, float scale, ReadOnlySpan<float> gradient, AdamWBuffers old, AdamWBuffers next)
    {
        ArgumentNullException.ThrowIfNull(options);
        ReadOnlySpan<float> parameters = old.Parameters, first = old.First, second = old.Second;
        Span<float> newParameters = next.Parameters, newFirst = next.First, newSecond = next.Second;
        var decay = (float)(1 - learningRate * options.WeightDecay);
        var beta2 = (float)options.Beta2;
        var (rest1, rest2) = ((float)(1 - options.Beta1), (float)(1 - options.Beta2));
        var stepSize = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
        var rootCorrection = (float)Math.Sqrt(1 - Math.Pow(options.Beta2, step));
        var epsilon = (float)options.Epsilon;

        var i = 0;
        for (; i <= gradient.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]) * scale;
            var before = new Vector<float>(first[i..]);
            var m = before + (g - before) * rest1;
            var v = new Vector<float>(second[i..]) * beta2 + g * g * rest2;
            m.CopyTo(newFirst[i..]);
            v.CopyTo(newSecond[i..]);
            var denominator = Vector.SquareRoot(v) / new Vector<float>(rootCorrection) + new Vector<float>(epsilon);
            (new Vector<float>(parameters[i..]) * decay - m / denominator * stepSize).CopyTo(newParameters[i..]);
        }

        for (; i < gradient.Length; i++)
        {
            var g = gradient[i] * scale;
            var m = first[i] + (g - first[i]) * rest1;
            var v = second[i] * beta2 + g * g * rest2;
            newFirst[i] = m;
            newSecond[i] = v;
            var denominator = MathF.Sqrt(v) / rootCorrection + epsilon;
            newParameters[i] = parameters[i] * decay - m / denominator * stepSize;
        }
    }
}
