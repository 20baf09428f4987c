using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>What an environment makes of a turn; all null when it has nothing to say.</summary>
/// <param name="Stop">The stop method that ends the episode.</param>
/// <param name="Reply">Its answer.</param>
/// <param name="Error">What it did wrong.</param>
public readonly record struct TurnOutcome(string? Stop, Message? Reply, TraceError? Error)
{
    public static TurnOutcome Silence => default;

    public static TurnOutcome StoppedBy(string stop) => new(stop, null, null);

    public static TurnOutcome Answered(Message reply) => new(null, reply, null);

    public static TurnOutcome Failed(TraceError error) => new(null, null, error);
}
