using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>
/// The rules of one episode, step by step: whose turn it is, when the environment is asked, when it is over. It grows the trace and does nothing else; whoever drives
/// it samples the turns, asks the environment, and turns messages into tokens.
/// <code>
/// var episode = EpisodeDriver.Start(environment.Limits, task, promptTokens);
/// while (!episode.IsOver)
/// {
///     if (episode.Take(Sample(episode.PrefixIds(), episode.RemainingTokens))
///         &amp;&amp; episode.Conclude(await environment.AfterTurnAsync(task, episode.Trace, episode.MayReply, deadline)) is { } reply)
///     {
///         episode.AddReply(Bridge(reply));
///     }
/// }
///
/// await environment.ScoreAsync(task, episode.Trace, deadline);
/// </code>
/// </summary>
/// <remarks>Not thread-safe: one rollout owns it.</remarks>
public sealed class EpisodeDriver
{
    private readonly EpisodeLimits _limits;
    private int _turns;
    private bool _asksEnvironment;
    private Message? _pendingReply;

    private EpisodeDriver(EpisodeLimits limits)
    {
        _limits = limits;
        RemainingTokens = limits.MaxTokens;
    }

    /// <summary>What has happened so far.</summary>
    public Trace Trace { get; } = new();

    /// <summary>Tokens that the policy may still sample in this episode: the limit of its next turn.</summary>
    public int RemainingTokens { get; private set; }

    /// <summary>False when a limit ends the episode after the turn that was taken, unless a stop method does.</summary>
    public bool MayReply => LimitReached() is null;

    /// <summary>True once the episode has ended or failed: <see cref="Trace.StopCondition"/> or <see cref="Trace.Errors"/> tells why.</summary>
    public bool IsOver => Trace.StopCondition is not null || !Trace.Ok;

    /// <summary>Begins an episode: the policy speaks next.</summary>
    /// <param name="limits">The environment's.</param>
    /// <param name="task">One of its tasks.</param>
    /// <param name="promptTokens">The tokens that each message of the task's prompt adds, in order.</param>
    public static EpisodeDriver Start(EpisodeLimits limits, TaskData task, IReadOnlyList<IReadOnlyList<int>> promptTokens)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(promptTokens);
        if (promptTokens.Count != task.Prompt.Count)
        {
            throw new ArgumentException($"The prompt has {task.Prompt.Count} messages, but tokens came for {promptTokens.Count}.", nameof(promptTokens));
        }

        var driver = new EpisodeDriver(limits);
        foreach (var (message, tokens) in task.Prompt.Zip(promptTokens))
        {
            driver.Append(message, tokens);
        }

        return driver;
    }

    /// <summary>Every token so far: the prefix that the next turn continues.</summary>
    public int[] PrefixIds() => [.. Trace.Nodes.SelectMany(node => node.TokenIds)];

    /// <summary>
    /// Takes a turn of the policy into the trace. True when the environment is to be asked next, and its outcome given to <see cref="Conclude"/>; false when the turn was cut
    /// off, which ends the episode.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not the policy's turn.</exception>
    /// <exception cref="ArgumentException">The turn's lists do not fit each other.</exception>
    public bool Take(PolicyTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (IsOver || _asksEnvironment || _pendingReply is not null)
        {
            throw new InvalidOperationException(IsOver ? "The episode is over." : "The environment speaks before the policy's next turn.");
        }

        Append(turn);
        Trace.StopCondition = turn.Truncated ? StopConditions.Length : null;
        return _asksEnvironment = !IsOver;
    }

    /// <summary>
    /// Takes what the environment makes of the turn. Returns its reply, whose tokens are then given to <see cref="AddReply"/>, or null when the episode is over. In this order
    /// it ends: by an error, by a stop method, at the last turn, with the token budget, by the environment's silence.
    /// </summary>
    /// <exception cref="InvalidOperationException">The environment was not asked.</exception>
    public Message? Conclude(TurnOutcome outcome)
    {
        if (!_asksEnvironment)
        {
            throw new InvalidOperationException("The environment was not asked.");
        }

        _asksEnvironment = false;
        if (outcome.Error is { } error)
        {
            Trace.Fail(error);
        }
        else if ((outcome.Stop ?? LimitReached()) is { } stop)
        {
            Trace.StopCondition = stop;
        }
        else if (outcome.Reply is not { } reply)
        {
            Trace.StopCondition = StopConditions.Environment;
        }
        else if (reply.Role == MessageRole.Assistant)
        {
            Trace.Fail(new TraceError(
                Boundary.Environment, nameof(Taskset.Respond), "It answered as the assistant; only the policy speaks as that. Answer as user, system or tool."));
        }
        else
        {
            _pendingReply = reply;
        }

        return _pendingReply;
    }

    /// <summary>Appends the environment's answer with the tokens that say it; the policy speaks next.</summary>
    /// <exception cref="InvalidOperationException">No answer is due.</exception>
    public void AddReply(IReadOnlyList<int> tokenIds)
    {
        Append(_pendingReply ?? throw new InvalidOperationException("The environment has no reply to add."), tokenIds);
        _pendingReply = null;
    }

    private string? LimitReached() =>
        _turns < _limits.MaxTurns ? (RemainingTokens == 0 ? StopConditions.Length : null)
        : _limits.MaxTurns == 1 ? StopConditions.Stop
        : StopConditions.MaxTurns;

    private void Append(PolicyTurn turn)
    {
        var tokens = turn.TokenIds.Count;
        if (tokens == 0 || turn.LogProbabilities.Count != tokens || turn.Versions.Sum(span => span.Count) != tokens)
        {
            throw new ArgumentException(
                $"A turn of {tokens} tokens has {turn.LogProbabilities.Count} log-probabilities and versions for {turn.Versions.Sum(span => span.Count)}; all must be equal, and at least 1.",
                nameof(turn));
        }

        Trace.Add(new MessageNode
        {
            Parent = Trace.Nodes.Count - 1,
            Message = Message.Assistant(turn.Text),
            Sampled = true,
            TokenIds = turn.TokenIds,
            Mask = [.. Enumerable.Repeat(true, tokens)],
            LogProbabilities = turn.LogProbabilities,
            Versions = turn.Versions,
        });
        _turns++;
        RemainingTokens = Math.Max(0, RemainingTokens - tokens);
    }

    private void Append(Message message, IReadOnlyList<int> tokenIds) =>
        Trace.Add(new MessageNode { Parent = Trace.Nodes.Count - 1, Message = message, Sampled = false, TokenIds = tokenIds });
}
