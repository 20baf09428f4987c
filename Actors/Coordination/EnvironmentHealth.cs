using System.Numerics;

namespace Intellect3.Actors.Coordination;

/// <summary>How an environment's last attempts went.</summary>
/// <param name="Observed">Attempts seen, at most the window.</param>
/// <param name="Outcomes">The last attempts as bits, newest lowest; set where one failed by itself.</param>
/// <param name="IsQuarantined">No new prompts are drawn from it.</param>
public readonly record struct EnvironmentHealth(int Observed, ulong Outcomes, bool IsQuarantined)
{
    private const int Window = 50;
    private const int FewestForAVerdict = 10;

    public static EnvironmentHealth Unknown => default;

    /// <summary>Share of the last attempts that failed; 0 while there are too few to tell.</summary>
    public double FailureRate => Observed < FewestForAVerdict ? 0 : (double)BitOperations.PopCount(Outcomes) / Observed;

    public EnvironmentHealth After(bool failed) => this with
    {
        Observed = Math.Min(Observed + 1, Window),
        Outcomes = ((Outcomes << 1) | (failed ? 1UL : 0)) & ((1UL << Window) - 1),
    };
}
