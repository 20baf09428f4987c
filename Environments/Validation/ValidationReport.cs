using System.Globalization;

namespace Intellect3.Environments.Validation;

/// <summary>What an environment pays for one kind of answer.</summary>
/// <param name="Answer">reference, empty, echo, constant or random.</param>
/// <param name="Mean">The mean reward of the episodes that have one; null when none has.</param>
/// <param name="Lowest">The lowest of them.</param>
/// <param name="Episodes">How many were played.</param>
/// <param name="Error">The first error of an episode that failed; null when none did.</param>
public sealed record Probe(string Answer, double? Mean, double? Lowest, int Episodes, string? Error);

/// <summary>Whether an environment pays for answers, and for answers alone.</summary>
/// <param name="Environment">Its name and version.</param>
/// <param name="Probes">One a kind of answer.</param>
/// <param name="Problems">What is wrong with it; empty when it is valid.</param>
public sealed record ValidationReport(string Environment, IReadOnlyList<Probe> Probes, IReadOnlyList<string> Problems)
{
    public bool IsValid => Problems.Count == 0;

    /// <summary>In one line.</summary>
    public override string ToString() => IsValid
        ? $"{Environment} is valid: {string.Join(", ", Probes.Select(probe => string.Create(CultureInfo.InvariantCulture, $"{probe.Answer} {probe.Mean:0.00}")))}"
        : $"{Environment} is not valid: {string.Join("; ", Problems)}";
}
