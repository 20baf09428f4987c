namespace Intellect3.Actors.Rollouts;

/// <summary>What an actor does, for whom it waits, and since when. Used by one thread.</summary>
internal sealed class StageWatch(TimeProvider time, string stage, string waitsOn)
{
    private long _since = time.GetTimestamp();

    public string Stage { get; private set; } = stage;

    public string WaitsOn { get; private set; } = waitsOn;

    public TimeSpan Age => time.GetElapsedTime(_since);

    /// <summary>A stage begins; the same stage goes on unless it begins anew.</summary>
    public void Enter(string stage, string waitsOn, bool anew = false)
    {
        if (anew || (stage, waitsOn) != (Stage, WaitsOn))
        {
            (Stage, WaitsOn, _since) = (stage, waitsOn, time.GetTimestamp());
        }
    }
}
