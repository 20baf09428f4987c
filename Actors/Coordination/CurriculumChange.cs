using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// How people change where new groups come from while a run goes on. A share is of all new groups: the others keep their relation to each other and share what is left. Pure functions
/// from entries to entries.
/// </summary>
public static class CurriculumChange
{
    /// <summary>Adds an environment, or replaces the version of it that is there.</summary>
    /// <param name="entries">What there is.</param>
    /// <param name="key">The environment.</param>
    /// <param name="share">Its share of new groups; null keeps the one that an older version has.</param>
    /// <exception cref="RunRefusedException">It has no share to keep, or the share is none.</exception>
    public static IReadOnlyList<CurriculumEntry> Inject(IReadOnlyList<CurriculumEntry> entries, EnvironmentKey key, double? share)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(key);
        var old = entries.FirstOrDefault(e => e.Environment == key.Name);
        if (old is null && share is null)
        {
            throw new RunRefusedException($"{key.Name} has no weight yet", "Only an upgrade keeps the weight of the version before.", $"Write for example: env inject {key.Name} --weight 0.3");
        }

        IReadOnlyList<CurriculumEntry> with = old is null
            ? [.. entries, new CurriculumEntry(key.Name, key.Version, key.Hash, 0)]
            : [.. entries.Select(e => e == old ? e with { Version = key.Version, Hash = key.Hash } : e)];
        return share is { } asked ? Weigh(with, key.Name, asked) : with;
    }

    /// <summary>Gives an environment a share of new groups.</summary>
    /// <exception cref="RunRefusedException">It is not there, the share is none, or nothing would be drawn at all.</exception>
    public static IReadOnlyList<CurriculumEntry> Weigh(IReadOnlyList<CurriculumEntry> entries, string environment, double share)
    {
        RequireKnown(entries, environment);
        if (!(share is >= 0 and <= 1))
        {
            throw new RunRefusedException($"the weight {share} is no share", "A weight is a share of all new groups, between 0 and 1.", "Give 0.3 for 30 %.");
        }

        var others = entries.Where(e => e.Environment != environment).Sum(e => e.Weight);
        return RequireSome(others == 0
            ? [.. entries.Select(e => e.Environment == environment ? e with { Weight = share } : e)]
            : [.. entries.Select(e => e with { Weight = e.Environment == environment ? share : e.Weight / others * (1 - share) })]);
    }

    /// <summary>Takes an environment out; the others share what it had.</summary>
    /// <exception cref="RunRefusedException">It is not there, or nothing would be drawn at all.</exception>
    public static IReadOnlyList<CurriculumEntry> Withdraw(IReadOnlyList<CurriculumEntry> entries, string environment)
    {
        RequireKnown(entries, environment);
        return RequireSome([.. entries.Where(e => e.Environment != environment)]);
    }

    private static void RequireKnown(IReadOnlyList<CurriculumEntry> entries, string environment)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (!entries.Any(e => e.Environment == environment))
        {
            var names = entries.Select(e => e.Environment).ToList();
            throw new RunRefusedException(
                $"the run has no environment '{environment}'",
                Environments.NearestName.Of(environment, names) is { } nearest ? $"Did you mean '{nearest}'?" : $"It has {string.Join(", ", names)}.",
                "`env list` shows them; `env inject` adds one.");
        }
    }

    private static IReadOnlyList<CurriculumEntry> RequireSome(IReadOnlyList<CurriculumEntry> entries) => entries.Any(e => e.Weight > 0)
        ? entries
        : throw new RunRefusedException("no environment would be left to draw from", "A run needs at least one environment with a weight above 0.", "Give another one a weight first.");
}
