using Intellect3.Environments.Rewards;

namespace Intellect3.Environments.Traces;

/// <summary>What scoring added to a trace.</summary>
internal sealed record ScoreRecord(IReadOnlyDictionary<string, RewardValue?> Rewards, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<TraceError> Errors)
{
    public static ScoreRecord Of(Trace trace) => new(trace.Rewards, trace.Metrics, trace.Errors);

    public void AddTo(Trace trace)
    {
        foreach (var (name, reward) in Rewards)
        {
            trace.DeclareReward(name);
            if (reward is { } scored)
            {
                trace.RecordReward(name, scored.Score, scored.Weight);
            }
        }

        foreach (var (name, value) in Metrics)
        {
            trace.RecordMetric(name, value);
        }

        foreach (var error in Errors)
        {
            trace.Fail(error);
        }
    }
}
