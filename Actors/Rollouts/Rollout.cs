using Akka.Actor;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;
using Intellect3.Model.Rendering;

namespace Intellect3.Actors.Rollouts;

/// <summary>One episode: asks the node's engines for each turn of the policy, the environment for its answers, and a verifier for the score. The rules are <see cref="EpisodeDriver"/>'s.</summary>
public sealed partial class Rollout : ReceiveActor
{
    private readonly EpisodeRequest _request;
    private readonly IRenderer _renderer;
    private readonly IActorRef _engines;
    private readonly IActorRef _verifiers;
    private readonly string _affinity;
    private readonly CancellationTokenSource _left = new();
    private TaskData? _task;
    private EpisodeDriver? _episode;
    private IReadOnlyList<int> _taken = [];
    private int _turns;

    public Rollout(EpisodeRequest request, IRenderer renderer, IActorRef engines, IActorRef verifiers)
    {
        (_request, _renderer, _engines, _verifiers) = (request, renderer, engines, verifiers);
        _affinity = Self.Path.ToStringWithoutAddress();
        Receive<TaskTaken>(taken => Begin(taken.Task));
        Receive<TurnTaken>(taken => Continue(taken.Outcome));
        Receive<EnvironmentFailed>(failed => End(failed.Error));
        Receive<Generated>(generated => Take(generated.Result));
        Receive<GenerationFailed>(Fail);
        Receive<TraceScored>(scored => End(scored.Trace));
        Receive<GetRolloutStatus>(_ => Sender.Tell(Status()));
    }

    public static Props Props(EpisodeRequest request, IRenderer renderer, IActorRef engines, IActorRef verifiers) =>
        Akka.Actor.Props.Create(() => new Rollout(request, renderer, engines, verifiers));

    protected override void PreStart() =>
        _request.Environment.GetTaskAsync(_request.Split, _request.TaskIndex, _left.Token).AsTask()
            .PipeTo(Self, success: task => new TaskTaken(task), failure: FailedBy(nameof(Taskset.GetTask)));

    protected override void PostStop()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private static string RoleOf(Message message) => message.Role switch
    {
        MessageRole.System => "system",
        MessageRole.Assistant => "assistant",
        MessageRole.Tool => "tool",
        _ => "user",
    };

    private static Func<Exception, object> FailedBy(string source) => exception =>
        new EnvironmentFailed(exception is EnvironmentException { Error: var error } ? error : TraceError.From(Boundary.Environment, source, exception));

    private void Begin(TaskData task)
    {
        _task = task;
        try
        {
            var rendered = _renderer.Render([.. task.Prompt.Select(m => (RoleOf(m), m.Content))]);
            _episode = EpisodeDriver.Start(_request.Environment.Limits, task, [.. rendered.Select(r => r.TokenIds)]);
        }
        catch (Exception exception)
        {
            End(TraceError.From(Boundary.Environment, nameof(Taskset.GetTask), exception));
            return;
        }

        Sample();
    }

    private void Sample() => _engines.Tell(new Generate(
        new GenerationRequest
        {
            Id = ++_turns,
            PromptIds = _episode!.PrefixIds(),
            MaxTokens = _episode.RemainingTokens,
            StopTokenIds = _renderer.StopTokenIds,
            Sampling = _request.Sampling,
            Key = _request.Key,
        },
        _affinity));

    private void Take(GenerationResult result)
    {
        if (result.Reason == FinishReason.Aborted || result.TokenIds.Count == 0)
        {
            Context.Parent.Tell(new EpisodeLost(_request.Rollout, "its generation was aborted"));
            return;
        }

        var turn = new PolicyTurn(
            _renderer.ParseResponse(result.TokenIds),
            result.TokenIds,
            result.LogProbabilities,
            [.. result.Versions.Select(v => new PolicySpan(v.Version.Lineage, v.Version.Number, v.Count))],
            result.Reason == FinishReason.Length);
        if (_episode!.Take(turn))
        {
            _taken = result.TokenIds;
            _request.Environment.AfterTurnAsync(_task!, _episode.Trace, _episode.MayReply, _left.Token).AsTask()
                .PipeTo(Self, success: outcome => new TurnTaken(outcome), failure: FailedBy(nameof(Taskset.Respond)));
        }
        else
        {
            Finish();
        }
    }

    private void Continue(TurnOutcome outcome)
    {
        if (_episode!.Conclude(outcome) is { } reply)
        {
            _episode.AddReply(_renderer.BridgeToNextTurn(_taken, [(RoleOf(reply), reply.Content)]));
            Sample();
        }
        else
        {
            Finish();
        }
    }

    private void Finish()
    {
        if (_episode!.Trace.Ok)
        {
            _verifiers.Tell(new ScoreTrace(_request.Environment, _task!, _episode.Trace));
        }
        else
        {
            End(_episode.Trace);
        }
    }

    private void Fail(GenerationFailed failed)
    {
        if (failed.Reason == GenerationFailure.InvalidRequest)
        {
            End(new TraceError(Boundary.Provider, "generate", failed.Detail));
        }
        else
        {
            Context.Parent.Tell(new EpisodeLost(_request.Rollout, failed.Detail));
        }
    }

    private void End(TraceError error)
    {
        var trace = _episode?.Trace ?? new Trace();
        trace.Fail(error);
        End(trace);
    }

    private void End(Trace trace) => Context.Parent.Tell(new EpisodeEnded(_request.Rollout, _task?.Key ?? $"{_request.TaskIndex}", trace));

    private sealed record TaskTaken(TaskData Task) : INoSerializationVerificationNeeded;

    private sealed record TurnTaken(TurnOutcome Outcome) : INoSerializationVerificationNeeded;

    private sealed record EnvironmentFailed(TraceError Error) : INoSerializationVerificationNeeded;
}
