using Intellect3.Cluster.Host.Settings;
using Intellect3.Model.Inference;

namespace Intellect3.Cluster.Host.Tests.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly Calls _calls = new();

    public static TheoryData<string> Recipes => [.. RecipeFolder.All().Select(r => r.Name)];

    public void Dispose() => _calls.Dispose();

    [Fact]
    public void Each_layer_covers_the_one_below()
    {
        var file = _calls.Write("mine.conf", "recipe = parity\nsteps = 7\ntrainer {\n  target-lag = 0\n}\nrollout.kv-on-update = recompute\n");
        var settings = SettingsLoader.Load(file, SettingsLoader.FromSwitches(["seed=5", "trainer.target-lag=2"], steps: 9));

        Assert.Equal(("mine", 5UL, 9, 2), (settings.Run.Recipe, settings.Run.Seed, settings.Run.Steps, settings.Run.Trainer.TargetLag));
        Assert.Equal(KvOnUpdate.Recompute, settings.Run.Rollout.KvOnUpdate);
        Assert.Equal("success", settings.Run.Warmup.StopMetric);
        Assert.Equal("parity", Assert.Single(settings.Run.Environments).Name);
        Assert.Equal(
            ["--set", "--steps", "--set", $"{file}:6", "recipe parity", "recipe parity", "reference"],
            new[] { "seed", "steps", "trainer.target-lag", "rollout.kv-on-update", "warmup.stop-metric", "environments.parity", "trainer.beta1" }.Select(settings.SourceOf));
    }

    [Fact]
    public void Without_a_name_it_is_the_default_recipe() => Assert.Equal("parity", SettingsLoader.Load(null, []).Run.Recipe);

    [Fact]
    public void A_file_needs_no_recipe()
    {
        var settings = SettingsLoader.Load(_calls.Write("own.conf", "name = trial\nenvironments { sort = 2, guess = 0.5 }"), []);
        Assert.Equal("trial", settings.Run.Recipe);
        Assert.Equal([("guess", 0.5), ("sort", 2.0)], settings.Run.Environments.Select(e => (e.Name, e.Weight)));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_written_settings_are_read_back_without_the_recipe(string recipe)
    {
        string[] sets = ["seed=18446744073709551615", "trainer.learning-rate=1.2345678901234567e-5", "rollout.temperature=0.7", "model.folder=C:\\a \"b\" # ${c}", "environments.sort=0", "environments.guess=0.125"];
        var settings = SettingsLoader.Load(recipe, SettingsLoader.FromSwitches(sets, steps: 3));
        var read = SettingsLoader.Load(_calls.Write("config.conf", SettingsDocuments.Config(settings)), []);

        Assert.Equal(recipe, read.Run.Recipe);
        Assert.Equal(settings.Run.Environments, read.Run.Environments);
        Assert.Equal(settings.Run with { Environments = [] }, read.Run with { Environments = [] });
    }

    [Theory]
    [InlineData("seed=1 environments.parity=0", "no environment to train on", "environments { parity = 1 }")]
    [InlineData("environments.sotr=1", "unknown environment 'sotr' (--set)", "Did you mean 'sort'?")]
    [InlineData("environments.sort=-1", "environments.sort = -1 is not valid (--set)", "at least")]
    [InlineData("environments=sort", "environments cannot be set (--set)", "--set environments.parity=1")]
    [InlineData("trainer.learnin-rate=1", "unknown setting 'trainer.learnin-rate' (--set)", "Did you mean 'trainer.learning-rate'?")]
    [InlineData("rollout.top-p=0.9", "rollout.top-p cannot be set (--set)", "Training refuses truncated sampling")]
    [InlineData("model.attention-heads=4 model.key-value-heads=3", "model.attention-heads = 4 does not fit", "multiple of model.key-value-heads (3)")]
    [InlineData("model.head-dimension=33", "model.head-dimension = 33 does not fit", "even")]
    [InlineData("rollout.cache-tokens=16", "rollout.cache-tokens = 16 does not fit", "at least model.max-positions")]
    [InlineData("trainer.min-learning-rate=0.5", "trainer.min-learning-rate = 0.5 does not fit", "at most trainer.learning-rate")]
    [InlineData("trainer.icepop-ratio-low=9", "trainer.icepop-ratio-low = 9 does not fit", "below trainer.icepop-ratio-high")]
    [InlineData("trainer.target-lag=9", "rollout.max-off-policy-steps = 8 does not fit the other settings (reference)", "at least trainer.target-lag (9)")]
    [InlineData("name=../up", "name = ../up does not fit", "It names folders")]
    [InlineData("seed", "--set seed has no '='", "Write for example")]
    public void Bad_settings_are_refused(string sets, string what, string more)
    {
        var error = Assert.Throws<CommandException>(() => SettingsLoader.Load("parity", SettingsLoader.FromSwitches(sets.Split(' '))));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(more, error.Why + error.Remedy, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Theory]
    [InlineData("steps = 5\ntrainer { learning-rate = 5\n}", ":2", "between 0 and 1")]
    [InlineData("steps = 5\n\nenvironmnts { parity = 1 }", ":3", "environments")]
    [InlineData("steps = 5\nmodel {\n", ":2: broken HOCON", "never closed")]
    [InlineData("recipe = partiy", "unknown recipe 'partiy'", "parity")]
    public void A_bad_file_is_refused_with_its_line(string text, string what, string more)
    {
        var file = _calls.Write("bad.conf", text);
        var error = Assert.Throws<CommandException>(() => SettingsLoader.Load(file, []));
        Assert.Contains(what.StartsWith(':') ? file + what : what, error.Message, StringComparison.Ordinal);
        Assert.Contains(more, error.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("partiy", "unknown recipe 'partiy'", "Did you mean 'parity'?")]
    [InlineData("missing.conf", "cannot read missing.conf", "Could not find")]
    public void An_unknown_recipe_or_file_is_refused(string name, string what, string why)
    {
        var error = Assert.Throws<CommandException>(() => SettingsLoader.Load(name, []));
        Assert.Equal(what, error.Message);
        Assert.Contains(why, error.Why, StringComparison.Ordinal);
    }
}
