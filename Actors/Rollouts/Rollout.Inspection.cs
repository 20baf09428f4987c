using Akka.Actor;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Rollouts;

/// <summary>What a rollout says of itself to whoever looks for what is stuck: derived from its state after every message.</summary>
public sealed partial class Rollout
{
    private readonly StageWatch _stage = new(TimeProvider.System, "taking its task", "environment");

    public override void AroundPreStart()
    {
        base.AroundPreStart();
        if (_turns > 0)
        {
            _stage.Enter("generating", "engine");
        }
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        var turns = _turns;
        var handled = base.AroundReceive(receive, message);
        if (_episode is { IsOver: true })
        {
            _stage.Enter("scoring", "verifier");
        }
        else if (_turns > turns)
        {
            _stage.Enter("generating", "engine", anew: true);
        }
        else if (message is Generated)
        {
            _stage.Enter("answering", "environment", anew: true);
        }

        return handled;
    }

    private RolloutStatus Status() => new(_request.Rollout, _stage.Stage, _stage.WaitsOn, _stage.Age, _turns);
}
