namespace Intellect3.Actors.Devices;

/// <summary>The engines of a rollout node.</summary>
public sealed record NodeEnginesOptions
{
    /// <summary>Their devices, one engine each.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    public DeviceOptions Device { get; init; } = new();

    public EngineActorOptions Engine { get; init; } = new();

    /// <summary>How long <see cref="Messages.GetEngineStatus"/> waits for an engine's answer.</summary>
    public TimeSpan StatusTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
