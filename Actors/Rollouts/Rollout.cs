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
    private TaskData? _task;
    private EpisodeDriver? _episode;
    private int _turns;

    public Rollout(EpisodeRequest request, IRenderer renderer, IActorRef engines, IActorRef verifiers)
    {
        (_request, _renderer, _engines, _verifiers) = (request, renderer, engines, verifiers);
        _affinity = Self.Path.ToStringWithoutAddress();
        Receive<Generated>(generated => Take(generated.Result));
        Receive<GenerationFailed>(Fail);
        Receive<TraceScored>(scored => End(scored.Trace));
        Receive<GetRolloutStatus>(_ => Sender.Tell(Status()));
    }

    public static Props Props(EpisodeRequest request, IRenderer renderer, IActorRef engines, IActorRef verifiers) =>
        Akka.Actor.Props.Create(() => new Rollout(request, renderer, engines, verifiers));

    protected override void PreStart()
    {
        try
        {
            _task = _request.Taskset.GetTask(_request.Split, _request.TaskIndex);
            var rendered = _renderer.Render([.. _task.Prompt.Select(m => (RoleOf(m), m.Content))]);
            _episode = EpisodeDriver.Start(_request.Taskset, _task, [.. rendered.Select(r => r.TokenIds)]);
        }
        catch (Exception exception)
        {
            var trace = new Trace();
            trace.Fail(TraceError.From(Boundary.Environment, nameof(Taskset.GetTask), exception));
            End(trace);
            return;
        }

        Sample();
    }

    private static string RoleOf(Message message) => message.Role switch
    {
        MessageRole.System => "system",
        MessageRole.Assistant => "assistant",
        MessageRole.Tool => "tool",
        _ => "user",
    };

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

        var reply = _episode!.AfterTurn(new PolicyTurn(
            _renderer.ParseResponse(result.TokenIds),
            result.TokenIds,
            result.LogProbabilities,
            [.. result.Versions.Select(v => new PolicySpan(v.Version.Lineage, v.Version.Number, v.Count))],
            result.Reason == FinishReason.Length));
        if (reply is not null)
        {
            _episode.AddReply(_renderer.BridgeToNextTurn(result.TokenIds, [(RoleOf(reply), reply.Content)]));
            Sample();
        }
        else if (_episode.Trace.Ok)
        {
            _verifiers.Tell(new ScoreTrace(_request.Taskset, _task!, _episode.Trace));
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
            _episode!.Trace.Fail(new TraceError(Boundary.Provider, "generate", failed.Detail));
            End(_episode.Trace);
        }
        else
        {
            Context.Parent.Tell(new EpisodeLost(_request.Rollout, failed.Detail));
        }
    }

    private void End(Trace trace) => Context.Parent.Tell(new EpisodeEnded(_request.Rollout, _task?.Key ?? $"{_request.TaskIndex}", trace));
}
