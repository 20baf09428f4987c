using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>Rollout nodes that come and go, and the groups that are placed on them.</summary>
public sealed partial class RunCoordinator
{
    private readonly GroupPlacement _placement = new();
    private readonly Dictionary<string, IActorRef> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<GroupId, DateTimeOffset> _groupsOut = [];
    private readonly List<StartGroup> _unplaced = [];
    private readonly SortedSet<string> _kernels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusedNodes = new(StringComparer.Ordinal);

    private void StartTraining(AttemptKey attempt)
    {
        var source = _state.Prompts[attempt.Prompt].Source;
        Send(new StartGroup(
            new GroupId(string.Empty, GroupPurpose.Training, attempt.Prompt, attempt.Attempt),
            _state.Epoch,
            source.Environment,
            source.Version,
            source.Hash,
            Environments.Tasks.TaskSplit.Train,
            source.TaskIndex,
            TaskStride: 0,
            _settings.Rollout.GroupSize,
            _settings.Rollout.Temperature,
            (ulong)attempt.Prompt,
            _state.Version,
            Self));
    }

    /// <summary>Places a group on a node and starts it there; without a node that can take it, it waits for one.</summary>
    private void Send(StartGroup start)
    {
        var node = _placement.Place(start.Id.ToString(), start.Size, n => _deployment.Runs(n, new EnvironmentKey(start.Environment, start.EnvironmentVersion, start.EnvironmentHash)));
        if (node is null)
        {
            _unplaced.Add(start);
            return;
        }

        var placed = start with { Id = start.Id with { Shard = node } };
        _groupsOut[placed.Id] = _time.GetUtcNow();
        _groups.Tell(placed);
    }

    private void PlaceWaiting()
    {
        var waiting = _unplaced.ToList();
        _unplaced.Clear();
        waiting.ForEach(Send);
    }

    private void Cancel(Func<GroupId, bool> which)
    {
        _unplaced.RemoveAll(s => which(s.Id));
        foreach (var group in _groupsOut.Keys.Where(which).ToList())
        {
            _groupsOut.Remove(group);
            _placement.Release(group.ToString());
            _groups.Tell(new CancelGroup(group));
        }
    }

    private void Welcome(RolloutNodeReady ready)
    {
        if (ready.Instance != _plan.Instance || IsMixture(ready))
        {
            return;
        }

        if (!_nodes.ContainsKey(ready.Incarnation))
        {
            _nodes[ready.Incarnation] = Context.Watch(ready.Node);
            _kernels.Add(ready.Kernels);
            _log.Info("Rollout node {0} has {1} slots, kernels {2}", ready.Incarnation, ready.Slots, ready.Kernels);
        }

        _placement.SetNode(ready.Incarnation, ready.Slots);
        BeginIfReady();
        Advance();
    }

    /// <summary>Bits are the same for one kernel path: a synchronous run keeps to the first one.</summary>
    private bool IsMixture(RolloutNodeReady ready)
    {
        if (_settings.Trainer.TargetLag > 0 || _kernels.Count == 0 || _kernels.Contains(ready.Kernels))
        {
            return false;
        }

        if (_refusedNodes.Add(ready.Incarnation))
        {
            _log.Error("Rollout node {0} gets no work: its kernels are {1}, the synchronous run began with {2}. Set device.kernels to a path that all nodes have", ready.Incarnation, ready.Kernels, _kernels.First());
        }

        return true;
    }

    private void Lose(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_trainer))
        {
            LoseTrainer();
            return;
        }

        var node = _nodes.FirstOrDefault(n => n.Value.Equals(terminated.ActorRef)).Key;
        if (node is null)
        {
            return;
        }

        _nodes.Remove(node);
        _placement.RemoveNode(node);
        _deployment.Lose(node);
        Leave(node);
        foreach (var group in _groupsOut.Keys.Where(g => g.Shard == node).ToList())
        {
            EndGroup(group, isFailure: false, $"node {node} is gone");
        }

        Advance();
    }
}
