namespace Intellect3.Environments.Traces;

/// <summary>Why an episode ended, where no stop method of its task set says so.</summary>
public static class StopConditions
{
    /// <summary>The policy ended the only turn it has.</summary>
    public const string Stop = "stop";

    /// <summary>The token budget, or the model's longest sequence, was used up.</summary>
    public const string Length = "length";

    /// <summary>The last turn of several was taken.</summary>
    public const string MaxTurns = "max_turns";

    /// <summary>The environment had nothing more to say.</summary>
    public const string Environment = "environment";

    /// <summary>All of the above; no stop method may be called one of these.</summary>
    public static IReadOnlyList<string> All { get; } = [Stop, Length, MaxTurns, Environment];
}
