using System.Text.Json;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Hosting;

/// <summary>
/// What a node and the child process of an environment say to each other: one JSON object a line over a local socket. The child speaks first (a hello, or why it
/// will not serve), then the node asks and the child answers by id, in any order. The child ends when the socket does.
/// </summary>
public static class EnvironmentContract
{
    /// <summary>The version of the contract, and of what a package is built against. A package of another one is refused.</summary>
    public const int Version = 1;

    internal static string Write<T>(T message) => JsonSerializer.Serialize(message, TraceJson.Options);

    internal static T Read<T>(string line) => TraceJson.Parse<T>(line);
}

/// <summary>The child's first line.</summary>
internal sealed record HelloLine
{
    public required int Contract { get; init; }

    /// <summary>Why it will not serve; what follows is null then.</summary>
    public string? Refusal { get; init; }

    public string? Taskset { get; init; }

    public EpisodeLimits? Limits { get; init; }

    public IReadOnlyList<string> Rewards { get; init; } = [];

    public IReadOnlyList<string> Metrics { get; init; } = [];

    public IReadOnlyList<string> Stops { get; init; } = [];
}

internal enum EnvironmentCall
{
    Task,
    AfterTurn,
    Score,
    Solve,
}

/// <summary>A question; which members are there depends on the call.</summary>
internal sealed record RequestLine
{
    public required EnvironmentCall Call { get; init; }

    public long Id { get; init; }

    public TaskSplit? Split { get; init; }

    public long? Index { get; init; }

    public TaskData? Task { get; init; }

    public TraceRecord? Trace { get; init; }

    public bool? MayReply { get; init; }

    /// <summary>When an asynchronous scorer is cancelled. [milliseconds]</summary>
    public int? Deadline { get; init; }
}

/// <summary>An answer: one of its members, or an error.</summary>
internal sealed record ReplyLine
{
    public required long Id { get; init; }

    public TraceError? Error { get; init; }

    public TaskData? Task { get; init; }

    public IReadOnlyList<string>? Solution { get; init; }

    public string? Stop { get; init; }

    public Message? Reply { get; init; }

    public ScoreRecord? Score { get; init; }
}
