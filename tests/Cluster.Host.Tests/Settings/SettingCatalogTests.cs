using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Tests.Settings;

public sealed class SettingCatalogTests
{
    public static TheoryData<string> Keys => [.. SettingCatalog.All.Select(s => s.Key)];

    [Fact]
    public void The_reference_file_is_generated() => Repository.AssertGenerated("hocon/reference.conf", SettingsDocuments.Reference());

    [Fact]
    public void The_settings_page_is_generated() => Repository.AssertGenerated("docs/settings.md", SettingsDocuments.Page());

    [Fact]
    public void Reading_the_reference_changes_nothing()
    {
        var values = HoconText.Read(SettingsDocuments.Reference());
        Assert.Equal(SettingCatalog.All.Select(s => s.Key), values.Select(v => v.Key));
        Assert.All(values, value =>
        {
            var setting = SettingCatalog.Find(value.Key)!;
            Assert.Equal(setting.Read(SettingCatalog.Defaults), setting.Read(setting.Write(SettingCatalog.Defaults, value.Text)));
        });
    }

    [Fact]
    public void Every_setting_is_in_one_section() =>
        Assert.Equal(SettingCatalog.All, SettingCatalog.Sections.SelectMany(section => SettingCatalog.Of(section.Prefix)));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_setting_writes_the_place_that_it_reads(string key)
    {
        var setting = SettingCatalog.Find(key)!;
        var text = Another(setting);
        var changed = setting.Write(SettingCatalog.Defaults, text);
        Assert.Equal(text, setting.Read(changed));
        Assert.All(SettingCatalog.All.Where(s => s != setting), other => Assert.Equal(other.Read(SettingCatalog.Defaults), other.Read(changed)));
    }

    [Theory]
    [InlineData("trainer.learning-rate", "2", "It must be between 0 and 1.")]
    [InlineData("trainer.learning-rate", "NaN", "It must be between 0 and 1.")]
    [InlineData("trainer.learning-rate", "fast", "It must be a number, between 0 and 1.")]
    [InlineData("rollout.group-size", "1", "It must be between 2 and 4096.")]
    [InlineData("rollout.max-attempts", "0", "It must be at least 1.")]
    [InlineData("rollout.max-attempts", "2.5", "It must be an integer, at least 1.")]
    [InlineData("rollout.temperature", "0", "It must be between 0.01 and 100.")]
    [InlineData("trainer.max-gradient-norm", "0", "It must be between 1e-6 and 1000000000.")]
    [InlineData("seed", "-1", "It must be an integer, at least 0.")]
    [InlineData("rollout.backend", "tpu", "It must be one of cpu, torch.")]
    [InlineData("trainer.schedule", "cosin", "Did you mean 'cosine'?")]
    [InlineData("model.tie-word-embeddings", "maybe", "It must be on or off.")]
    [InlineData("rollout.score-timeout", "10", "It must be a duration such as 500ms, 10s, 5m or 1h.")]
    [InlineData("rollout.score-timeout", "0s", "It must be between 1ms and 168h.")]
    [InlineData("rollout.kv-on-update", "drop", "It must be one of keep, recompute.")]
    public void A_bad_value_is_told_what_it_must_be(string key, string text, string message)
    {
        var error = Assert.Throws<FormatException>(() => SettingCatalog.Find(key)!.Write(SettingCatalog.Defaults, text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1500ms", "1500ms")]
    [InlineData("90s", "90s")]
    [InlineData("120s", "2m")]
    [InlineData("60 m", "1h")]
    public void Durations_are_written_in_the_largest_unit_that_fits(string text, string canonical)
    {
        var setting = SettingCatalog.Find("rollout.group-timeout")!;
        Assert.Equal(canonical, setting.Read(setting.Write(SettingCatalog.Defaults, text)));
    }

    // A value of the setting that is not its default.
    private static string Another(Setting setting)
    {
        var now = setting.Read(SettingCatalog.Defaults);
        string[] numbers = ["8", "9", "0.5", "0.25", "100", "7s"];
        return setting.Type.Contains(" | ", StringComparison.Ordinal)
            ? setting.Type.Split(" | ").First(choice => choice != now)
            : numbers.First(text => text != now && Record.Exception(() => setting.Write(SettingCatalog.Defaults, text)) is null);
    }
}
