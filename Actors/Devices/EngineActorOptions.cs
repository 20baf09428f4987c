using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>How an engine is driven.</summary>
public sealed record EngineActorOptions
{
    public EngineOptions Engine { get; init; } = new();

    public KvOnUpdate KvOnUpdate { get; init; } = KvOnUpdate.Keep;

    /// <summary>Requests that an engine holds at once, running or waiting (for a slot, or for the first weights); more are refused as busy.</summary>
    public int MaxRequests { get; init; } = 4096;
}
