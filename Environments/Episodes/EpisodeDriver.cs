using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>
/// The rules of one episode, step by step: whose turn it is, what the environment answers, when it is over. It grows the trace and does nothing else; whoever drives
/// it samples the turns and turns messages into tokens.
/// <code>
/// var episode = EpisodeDriver.Start(taskset, task, promptTokens);
/// while (episode.AfterTurn(Sample(episode.PrefixIds(), episode.RemainingTokens)) is { } reply)
///     episode.AddReply(Bridge(reply));
/// await Scorer.For(taskset).ScoreAsync(task, episode.Trace, deadline);
/// </code>
/// </summary>
/// <remarks>Not thread-safe: one rollout owns it.</remarks>
public sealed class EpisodeDriver
{
    private readonly Taskset _taskset;
    private readonly TaskData _task;
    private readonly EpisodeLimits _limits;
    private readonly Scorer _scorer;
    private int _turns;
    private Message? _pendingReply;

    private EpisodeDriver(Taskset taskset, TaskData task)
    {
        _taskset = taskset;
        _task = task;
        _limits = taskset.Limits;
        _scorer = Scorer.For(taskset);
        RemainingTokens = _limits.MaxTokens;
    }

    /// <summary>What has happened so far.</summary>
    public Trace Trace { get; } = new();

    /// <summary>Tokens that the policy may still sample in this episode: the limit of its next turn.</summary>
    public int RemainingTokens { get; private set; }

    /// <summary>True once the episode has ended or failed: <see cref="Trace.StopCondition"/> or <see cref="Trace.Errors"/> tells why.</summary>
    public bool IsOver => Trace.StopCondition is not null || !Trace.Ok;

    /// <summary>Begins an episode: the policy speaks next.</summary>
    /// <param name="taskset">The rules.</param>
    /// <param name="task">One of its tasks.</param>
    /// <param name="promptTokens">The tokens that each message of the task's prompt adds, in order.</param>
    /// <exception cref="TasksetException">A marked method of the task set cannot be called.</exception>
    public static EpisodeDriver Start(Taskset taskset, TaskData task, IReadOnlyList<IReadOnlyList<int>> promptTokens)
    {
        ArgumentNullException.ThrowIfNull(taskset);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(promptTokens);
        if (promptTokens.Count != task.Prompt.Count)
        {
            throw new ArgumentException($"The prompt has {task.Prompt.Count} messages, but tokens came for {promptTokens.Count}.", nameof(promptTokens));
        }

        var driver = new EpisodeDriver(taskset, task);
        foreach (var (message, tokens) in task.Prompt.Zip(promptTokens))
        {
            driver.Append(message, tokens);
        }

        return driver;
    }

    /// <summary>Every token so far: the prefix that the next turn continues.</summary>
    public int[] PrefixIds() => [.. Trace.Nodes.SelectMany(node => node.TokenIds)];

    /// <summary>
    /// Takes a turn of the policy into the trace. Returns what the environment answers, whose tokens are then given to <see cref="AddReply"/>, or null when the
    /// episode is over. In this order it ends: at a truncated turn, by a stop method, at the last turn, with the token budget, by the environment's silence. A task set that
    /// throws fails the trace.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not the policy's turn.</exception>
    /// <exception cref="ArgumentException">The turn's lists do not fit each other.</exception>
    public Message? AfterTurn(PolicyTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (IsOver || _pendingReply is not null)
        {
            throw new InvalidOperationException(IsOver ? "The episode is over." : "The environment's reply must be added before the policy's next turn.");
        }

        Append(turn);
        Trace.StopCondition = turn.Truncated ? StopConditions.Length : _scorer.EvaluateStop(_task, Trace) ?? LimitReached();
        if (!IsOver)
        {
            _pendingReply = Respond();
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
        !Trace.Ok ? null
        : _limits.MaxTurns == 1 ? StopConditions.Stop
        : _turns >= _limits.MaxTurns ? StopConditions.MaxTurns
        : RemainingTokens == 0 ? StopConditions.Length
        : null;

    private Message? Respond()
    {
        try
        {
            var reply = _taskset.Respond(_task, Trace);
            if (reply is null)
            {
                Trace.StopCondition = StopConditions.Environment;
            }
            else if (reply.Role == MessageRole.Assistant)
            {
                throw new TasksetException("It answered as the assistant; only the policy speaks as that. Answer as user, system or tool.");
            }

            return reply;
        }
        catch (Exception e)
        {
            Trace.Fail(TraceError.From(Boundary.Environment, nameof(Taskset.Respond), e));
            return null;
        }
    }

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
