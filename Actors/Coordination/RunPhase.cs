namespace Intellect3.Actors.Coordination;

/// <summary>Which kind of steps a run is taking.</summary>
public enum RunPhase
{
    Warmup,
    Reinforcement,
}
