using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;

namespace Intellect3.Actors.Coordination;

/// <summary>What people ask of a run beyond its status, and the pause that they may put it into.</summary>
public sealed partial class RunCoordinator
{
    /// <summary>More would not fit into a message.</summary>
    private const int MostGroups = 250;

    private readonly RecentNews _news = new(500);
    private ITrainerMessage? _lastAsked;
    private StepComputed? _lastComputed;
    private long _lastAnswer;
    private bool _isPaused;
    private Action? _whenResumed;

    /// <summary>Watches what passes by, so that the accounting knows nothing of those who look on.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        var before = message is GroupDelivered or GroupEnded ? Describe((IGroupMessage)message) : null;
        var handled = base.AroundReceive(receive, message);
        if (before is not null)
        {
            _news.Add(before with { Outcome = OutcomeOf(message) });
        }

        if (message is IGroupMessage or TrainerReady or StepPrepared or StepComputed or StepTaken or PhaseStarted or StateSaved)
        {
            _lastAnswer = _time.GetTimestamp();
            _lastComputed = message as StepComputed ?? _lastComputed;
        }

        return handled;
    }

    private void ReceiveAdministration()
    {
        _lastAnswer = _time.GetTimestamp();
        Receive<GetRunActivity>(_ => Sender.Tell(Activity()));
        Receive<PauseRun>(pause => Steer(() => Pause(pause.Reason)));
        Receive<ResumeRun>(_ => Steer(Resume));
        Receive<GetLedger>(ask => Sender.Tell(Ledger(ask.Lines)));
        Receive<GetGroupNews>(ask => Sender.Tell(_news.Read(ask.After, ask.Most)));
    }

    private void Steer(Action change)
    {
        if (IsHalting || IsOver)
        {
            var word = IsOver ? _stage.ToString().ToLowerInvariant() : "stopping";
            Sender.Tell(new RunRefused($"the run {_plan.Run} is {word}", "Only a run that goes on can be paused or resumed.", "Start it again with submit."));
            return;
        }

        change();
        Sender.Tell(Activity());
    }

    private void Pause(string reason)
    {
        if (!_isPaused)
        {
            _log.Info("Paused: {0}", reason);
            _isPaused = true;
        }
    }

    private void Resume()
    {
        if (_isPaused)
        {
            _log.Info("Resumed");
            var next = _whenResumed;
            (_isPaused, _whenResumed, _lastAnswer) = (false, null, _time.GetTimestamp());
            next?.Invoke();
            Advance();
        }
    }

    private RunActivity Activity() => new()
    {
        Status = Status(),
        Directory = _plan.Directory,
        IsPaused = _isPaused,
        Step = _state.Phase == RunPhase.Warmup ? 0 : _state.Step,
        Steps = _settings.Steps,
        Quiet = _time.GetElapsedTime(_lastAnswer),
        Trainer = new TrainerActivity(
            _trainer.IsNobody() ? null : AddressOf(_trainer),
            _askedTrainer is null ? null : WorkOf(_lastAsked),
            _askedTrainer is { } asked ? _time.GetElapsedTime(asked) : TimeSpan.Zero,
            _lastComputed?.Step ?? 0,
            _lastComputed?.Metrics ?? new Dictionary<string, double>()),
        Nodes = [.. _placement.Work.Select(work => new NodeActivity(work.Node, AddressOf(_nodes[work.Node]), work.Slots, work.Sequences, work.Groups))],
        Groups = [.. _groupsOut.OrderBy(g => g.Value).Take(MostGroups).Select(g => new GroupActivity(g.Key, EnvironmentOf(g.Key), _time.GetUtcNow() - g.Value))],
        Prompts = Prompts(),
    };

    private Dictionary<string, int> Prompts() =>
        Enum.GetValues<PromptState>().ToDictionary(s => s.ToString().ToLowerInvariant(), s => _state.Count().GetValueOrDefault(s), StringComparer.Ordinal);

    private LedgerView Ledger(int lines) =>
        new(_state.Epoch, _state.Version, _state.Step, _state.NextDraw, Prompts(), FileTail.Read(Path.Combine(_plan.Directory, RunFiles.Ledger), lines));

    private string EnvironmentOf(GroupId id) => id.Purpose == GroupPurpose.Evaluation
        ? _evaluation?.EnvironmentOf(id.Number) ?? ""
        : _state.Prompts.TryGetValue(id.Number, out var prompt) ? prompt.Source.Environment : "";

    /// <summary>A group that comes back, while it still is in flight; null when nothing waits for it.</summary>
    private GroupNews? Describe(IGroupMessage message)
    {
        if (!_groupsOut.TryGetValue(message.Id, out var since))
        {
            return null;
        }

        var rollouts = (message as GroupDelivered)?.Rollouts ?? [];
        var good = rollouts.Where(r => r.Reward is not null).ToList();
        return new GroupNews(
            0, _time.GetUtcNow(), message.Id, EnvironmentOf(message.Id), "", good.Count == 0 ? null : good.Average(r => r.Reward!.Value), rollouts.Sum(r => r.SampledTokens), _time.GetUtcNow() - since);
    }

    private string OutcomeOf(object message) => message switch
    {
        GroupEnded ended => $"{(ended.IsFailure ? "failed" : "lost")}: {ended.Reason}",
        GroupDelivered { Id.Purpose: GroupPurpose.Evaluation } => "evaluated",
        GroupDelivered delivered => _state.Prompts[delivered.Id.Number].State switch
        {
            PromptState.Rejected => "rejected",
            PromptState.Waiting or PromptState.Batched => "accepted",
            _ => "not used",
        },
        _ => "",
    };

    private string AddressOf(IActorRef actor)
    {
        var address = actor.Path.Address;
        return (address.HasGlobalScope ? address : ((ExtendedActorSystem)Context.System).Provider.DefaultAddress).ToString();
    }

    private static string? WorkOf(ITrainerMessage? message) => message switch
    {
        Messages.StartTraining => "making its state",
        PrepareStep prepare => $"pulling the batch of step {prepare.Step}",
        ComputeStep compute => $"computing step {compute.Step}",
        CommitStep commit => $"publishing version {commit.Version}",
        StartPhase => "starting reinforcement learning",
        SaveCheckpoint save => $"writing the checkpoint of step {save.Step}",
        ExportModel => "writing the final model",
        _ => null,
    };
}
