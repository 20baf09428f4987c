namespace Intellect3.Actors.Parameters;

/// <summary>How a rollout node follows the trainer.</summary>
public sealed record ParameterReceiverOptions
{
    /// <summary>The run's instance; what other runs publish is ignored.</summary>
    public string Run { get; init; } = "";

    /// <summary>Time between questions: pub-sub is only a hint.</summary>
    public TimeSpan AskInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the pull of one version may take.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a node one hop from the publisher waits for a chunk of another node; further away longer: see <see cref="Transport.ContentPull"/>.</summary>
    public TimeSpan ChunkPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The role of the nodes that have a broadcaster.</summary>
    public string TrainerRole { get; init; } = "trainer";

    /// <summary>Where it is on them.</summary>
    public string BroadcasterPath { get; init; } = $"user/node/{ParameterBroadcaster.ActorName}";
}
