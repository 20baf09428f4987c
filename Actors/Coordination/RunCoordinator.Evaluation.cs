using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Environments.Tasks;

namespace Intellect3.Actors.Coordination;

/// <summary>Probes of warm-up and held-out evaluations: their groups share the engines with training's and are accounted for by no ledger.</summary>
public sealed partial class RunCoordinator
{
    /// <summary>Probes ask for tasks far above those that training or warm-up will reach.</summary>
    private const long FirstProbeTask = 1L << 41;

    private EvaluationRun? _evaluation;
    private Action<EvaluationRecorded>? _afterEvaluation;
    private long _nextEvaluationGroup;

    private void Evaluate(string label, int step, int tasks, bool greedy, bool sampled, Action<EvaluationRecorded> then)
    {
        var isProbe = label == "probe";
        var plan = new EvaluationPlan(label, step, Entries(), isProbe ? TaskSplit.Train : TaskSplit.HeldOut, isProbe ? FirstProbeTask + Curriculum.FirstTask(_settings.Seed) + (long)step * tasks : 0, tasks, greedy, sampled);
        _evaluation = new EvaluationRun(plan, _nextEvaluationGroup);
        _nextEvaluationGroup = _evaluation.NextNumber;
        _afterEvaluation = then;
        StartEvaluationGroups();
    }

    /// <summary>Keeps the engines' slots full, and no more: an online evaluation shares them with training.</summary>
    private void StartEvaluationGroups()
    {
        while (_evaluation is { } evaluation && _placement.Nodes.Count > 0 && evaluation.EpisodesOut < Math.Max(EvaluationRun.GroupSize, _placement.Slots) && evaluation.Start() is { } started)
        {
            var (group, attempt) = started;
            Send(new StartGroup(
                new GroupId(string.Empty, GroupPurpose.Evaluation, group.Number, attempt),
                _state.Epoch,
                group.Environment.Environment,
                group.Environment.Version,
                group.Environment.Hash,
                evaluation.Plan.Split,
                group.TaskIndex,
                TaskStride: 1,
                group.Size,
                group.Temperature,
                group.SamplingPrompt,
                _state.Version,
                Self));
        }
    }

    private void DeliverEvaluation(GroupDelivered delivered)
    {
        if (_evaluation is { } evaluation
            && evaluation.Deliver(delivered.Id.Number, delivered.Id.Attempt, [.. delivered.Rollouts.Select(r => (r.Reward, r.Success))])
            && evaluation.IsDone)
        {
            EndEvaluation(evaluation);
        }
    }

    private void LoseEvaluation(GroupId group, string reason)
    {
        _log.Warning("Evaluation group {0} was lost: {1}", group, reason);
        _evaluation?.Lose(group.Number, group.Attempt);
    }

    private void EndEvaluation(EvaluationRun evaluation)
    {
        var (result, then) = (evaluation.Result(), _afterEvaluation);
        (_evaluation, _afterEvaluation) = (null, null);
        _lastEvaluation = result.Sampled ?? result.Greedy;
        if (evaluation.Errors > 0)
        {
            _log.Warning("{0} episodes of the evaluation '{1}' failed", evaluation.Errors, result.Label);
        }

        _recorder.Tell(new WriteLine(RunFiles.Metrics, EvaluationLine(evaluation.Plan, result, evaluation.Errors)));
        if (result.Label is not "probe" and not "online")
        {
            Persist([result]);
        }

        then?.Invoke(result);
    }

    private string EvaluationLine(EvaluationPlan plan, EvaluationRecorded result, int errors)
    {
        var prefix = $"eval/{plan.Label}/";
        var line = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["step"] = plan.Step,
            ["phase"] = _state.Phase == RunPhase.Warmup ? "warmup" : "reinforcement",
            [prefix + "tasks"] = plan.Tasks,
            [prefix + "errors"] = errors,
        };
        void Add(string name, double? value)
        {
            if (value is not null)
            {
                line[prefix + name] = value;
            }
        }

        Add("greedy", result.Greedy);
        Add("sampled", result.Sampled);
        Add("greedy_success", result.GreedySuccess);
        Add("sampled_success", result.SampledSuccess);
        return JsonSerializer.Serialize(line);
    }

    private RunStatus Status() => new()
    {
        Run = _plan.Run,
        Recipe = _settings.Recipe,
        Stage = _stage,
        Step = _state.Phase == RunPhase.Warmup ? _state.WarmupStep : _state.Step,
        Steps = _state.Phase == RunPhase.Warmup ? _settings.Warmup.MaxSteps : _settings.Steps,
        Version = _state.Version,
        RewardHistory = [.. _tally.RewardHistory],
        EvaluationReward = _lastEvaluation,
        Staleness = _tally.Staleness,
        SampledTokensPerSecond = _tally.SampledPerSecond,
        TrainedTokensPerSecond = _tally.TrainedPerSecond,
        GroupsInFlight = _groupsOut.Count,
        GroupsWaiting = _state.Waiting.Count,
        Elapsed = _tally.Elapsed,
        Remaining = Remaining(),
        Failure = _failure,
        Nodes = _placement.Work,
    };

    private TimeSpan? Remaining()
    {
        var done = _state.Step - _firstStep;
        return _stage == RunStage.Reinforcement && done > 1
            ? (_time.GetElapsedTime(_reinforcementStarted) / done) * (_settings.Steps - _state.Step)
            : null;
    }
}
