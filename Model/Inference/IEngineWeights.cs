namespace Intellect3.Model.Inference;

/// <summary>
/// A policy version in the form its engines read (packed panels, or tensors on a device). Immutable and shared by all engines of a node;
/// reference-counted like <see cref="Parameters.ParameterSet"/>.
/// </summary>
public interface IEngineWeights : IDisposable
{
    PolicyVersion Version { get; }

    /// <summary>Takes one more reference, which its taker disposes, and returns this.</summary>
    IEngineWeights AddReference();
}
