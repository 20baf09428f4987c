using Intellect3.Model.Parameters;

namespace Intellect3.Model.Inference;

/// <summary>Makes engines of one kind for one model.</summary>
public interface IEngineFactory
{
    /// <summary>The kernels or device in words, for summaries: <c>avx512</c>, <c>avx2</c>, <c>advsimd</c>, <c>portable</c>, <c>torch:cpu</c> ...</summary>
    string Kernels { get; }

    /// <summary>True when the same weights, prefix and key give the same bits whatever the batch.</summary>
    bool IsDeterministic { get; }

    /// <summary>Puts parameters into the form the engines read. Slow: called once per version and node, never on an engine's thread. The caller disposes the result and may dispose <paramref name="parameters"/> at once.</summary>
    IEngineWeights Prepare(PolicyVersion version, ParameterSet parameters);

    /// <summary>A new engine; the caller (the device's thread) disposes it.</summary>
    IInferenceEngine Create(EngineOptions options);
}
