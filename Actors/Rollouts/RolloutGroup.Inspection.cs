using Akka.Actor;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Rollouts;

/// <summary>What a group says of itself to whoever looks for what is stuck.</summary>
public sealed partial class RolloutGroup
{
    private static readonly TimeSpan RolloutAnswers = TimeSpan.FromSeconds(1);

    private readonly StageWatch _stage = new(TimeProvider.System, "starting", "node");

    protected override bool AroundReceive(Receive receive, object message)
    {
        var handled = base.AroundReceive(receive, message);
        switch (message)
        {
            case StartGroup start:
                _stage.Enter("starting", $"weights {start.Version}");
                break;
            case NodeVersion when !Context.GetChildren().Any():
                _stage.Enter("preparing", "environment");
                break;
            case var _ when Context.GetChildren().Any():
                _stage.Enter("running", "rollouts");
                break;
        }

        return handled;
    }

    private void Answer()
    {
        if (_start is not null && !_reported)
        {
            AskAsync(Context.GetChildren().ToList(), new GroupStatus(_start.Id, _stage.Stage, _stage.WaitsOn, _stage.Age, [], _ended.Count)).PipeTo(Sender, Self);
        }
    }

    private static async Task<GroupStatus> AskAsync(IReadOnlyList<IActorRef> rollouts, GroupStatus group)
    {
        var answers = await Task.WhenAll(rollouts.Select(AskAsync));
        return group with { Rollouts = [.. answers.OfType<RolloutStatus>().OrderBy(r => r.Rollout)] };

        static async Task<RolloutStatus?> AskAsync(IActorRef rollout)
        {
            try
            {
                return await rollout.Ask<RolloutStatus>(new GetRolloutStatus(), RolloutAnswers);
            }
            catch (AskTimeoutException)
            {
                return null;
            }
        }
    }
}
