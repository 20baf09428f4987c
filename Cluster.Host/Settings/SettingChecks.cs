using Intellect3.Environments.Tasks;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>What one setting cannot know by itself: the settings together.</summary>
internal static class SettingChecks
{
    /// <exception cref="CommandException">Settings do not fit each other.</exception>
    public static void Check(EffectiveSettings settings)
    {
        var (model, trainer, rollout) = (settings.Run.Model, settings.Run.Trainer, settings.Run.Rollout);
        CheckEnvironments(settings);
        Require(settings, settings.Run.Recipe.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'), "name", "It names folders, so it may hold letters, digits, '-', '_' and '.'.");
        if (model.Folder is null)
        {
            Require(settings, model.AttentionHeads % model.KeyValueHeads == 0, "model.attention-heads", $"It must be a multiple of model.key-value-heads ({model.KeyValueHeads}).");
            Require(settings, model.HeadDimension % 2 == 0, "model.head-dimension", "It must be even, since the rotary embedding turns pairs.");
            Require(settings, rollout.CacheTokens >= model.MaxPositions, "rollout.cache-tokens", $"It must be at least model.max-positions ({model.MaxPositions}): one sequence must fit.");
        }

        Require(settings, trainer.MinLearningRate <= trainer.LearningRate, "trainer.min-learning-rate", $"It must be at most trainer.learning-rate ({trainer.LearningRate}).");
        Require(settings, trainer.Options.IcePopRatioLow < trainer.Options.IcePopRatioHigh, "trainer.icepop-ratio-low", "It must be below trainer.icepop-ratio-high.");
        Require(
            settings,
            rollout.MaxOffPolicySteps >= trainer.TargetLag,
            "rollout.max-off-policy-steps",
            $"It must be at least trainer.target-lag ({trainer.TargetLag}), or every group would end as stale.");
    }

    private static void CheckEnvironments(EffectiveSettings settings)
    {
        var environments = settings.Run.Environments;
        if (!environments.Any(e => e.Weight > 0))
        {
            throw new CommandException(
                "no environment to train on",
                "The object 'environments' gives each environment its share, and none has more than 0.",
                "Add for example: environments { parity = 1 }, or build on a recipe: recipe = parity.");
        }

        foreach (var environment in environments)
        {
            RequireEnvironment(environment.Name, $" ({settings.SourceOf($"{SettingCatalog.EnvironmentsKey}.{environment.Name}")})");
        }
    }

    /// <summary>The task set of a name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static Taskset RequireEnvironment(string name, string where = "")
    {
        var known = TasksetRegistry.BuiltIn.Names;
        return known.Contains(name)
            ? TasksetRegistry.BuiltIn.Get(name)
            : throw new CommandException($"unknown environment '{name}'{where}", CommandException.DidYouMean(name, known), $"Known environments: {string.Join(", ", known)}.");
    }

    private static void Require(EffectiveSettings settings, bool holds, string key, string why)
    {
        if (!holds)
        {
            throw new CommandException(
                $"{key} = {SettingCatalog.Find(key)!.Read(settings.Run)} does not fit the other settings ({settings.SourceOf(key)})",
                why,
                "Change one of the two; `intellect3 config show` shows where each comes from.");
        }
    }
}
