using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Coordination;

/// <summary>Nodes that leave in order: a rollout node once its groups have ended and its payloads are trained, a trainer or a coordinator once there is a checkpoint.</summary>
public sealed partial class RunCoordinator
{
    private readonly Dictionary<string, IActorRef> _leavers = new(StringComparer.Ordinal);

    private void OnLeaving(NodeLeaving leaving)
    {
        _log.Info("Node {0} ({1}) wants to leave", leaving.Incarnation, string.Join(", ", leaving.Roles));
        _leavers[leaving.Incarnation] = Sender;
        _placement.Leave(leaving.Incarnation);
        var isTrainer = !_trainer.IsNobody() && leaving.Incarnation == _trainerNode;

        // Its agent is local to this actor: the coordinator's own node, and not another one that could coordinate.
        var isCoordinator = Sender.Path.Address.HasLocalScope && leaving.Roles.Contains(NodeRoles.Coordinator);
        if ((isTrainer || isCoordinator) && !IsOver && !IsHalting)
        {
            Halt(() =>
            {
                _log.Info("The run waits for a trainer and a coordinator at version {0}", _state.Version);
                DetachTrainer();
                _askedTrainer = _time.GetTimestamp();
                ReleaseLeavers();
            });
        }

        ReleaseLeavers();
    }

    private void ReleaseLeavers()
    {
        foreach (var (node, agent) in _leavers.Where(l => IsFree(l.Key)).ToList())
        {
            agent.Tell(new NodeReleased());
            _leavers.Remove(node);
        }
    }

    /// <summary>True when nothing of the run needs a node, or nobody is left who could still make use of what it has.</summary>
    private bool IsFree(string node) =>
        IsOver || (!IsHalting
            && (_trainer.IsNobody() || node != _trainerNode)
            && (_suspended || _placement.Nodes.Count == 0 || (_groupsOut.Keys.All(g => g.Shard != node) && _holds.Values.All(h => h.Node != node))));

    /// <summary>A node is gone without having waited.</summary>
    private void Leave(string node) => _leavers.Remove(node);

    private void OnNodeRefused(NodeRefused refused) => _log.Error("Node {0} takes no part in the run: {1}", refused.Incarnation, refused.Reason);
}
