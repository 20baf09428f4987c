using System.Diagnostics.CodeAnalysis;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>Holding on to weights that a message lent.</summary>
public static class EngineWeightsExtensions
{
    /// <summary>Takes a reference, which the caller disposes; false when the weights are gone, superseded by newer ones.</summary>
    public static bool TryHold(this IEngineWeights weights, [NotNullWhen(true)] out IEngineWeights? held)
    {
        ArgumentNullException.ThrowIfNull(weights);
        try
        {
            held = weights.AddReference();
            return true;
        }
        catch (ObjectDisposedException)
        {
            held = null;
            return false;
        }
    }
}
