using Intellect3.Actors.Administration;
using Intellect3.Cluster.Host.Display;
using Intellect3.Model.Inference;

namespace Intellect3.Cluster.Host.Tests.Display;

public sealed class DisplayTests
{
    [Theory]
    [InlineData(new double[] { }, "")]
    [InlineData(new[] { 0.0, 0.5, 1.0 }, "▁▅█")]
    [InlineData(new[] { -1.0, 0.125, 0.99, 1.0 }, "▁▂██")]
    [InlineData(new[] { 0.0, 2.0, 4.0 }, "▁▅█")]
    [InlineData(new[] { 0.0, double.NaN, 1.0 }, "▁ █")]
    public void A_sparkline_has_a_bar_for_each_number(double[] values, string line) => Assert.Equal(line, Sparkline.Of(values, 10));

    [Fact]
    public void More_numbers_than_bars_are_averaged() => Assert.Equal("▁▅█", Sparkline.Of([0, 0, 0.25, 0.75, 1, 1], 3));

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(754, "12:34")]
    [InlineData(3723, "1:02:03")]
    [InlineData(360000, "100:00:00")]
    public void Durations_are_written_as_clocks_do(int seconds, string text) => Assert.Equal(text, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(812.4, "812")]
    [InlineData(999.6, "1.00k")]
    [InlineData(5213, "5.21k")]
    [InlineData(45_200, "45.2k")]
    [InlineData(999_400, "999k")]
    [InlineData(999_600, "1.00M")]
    [InlineData(2_500_000_000, "2.50G")]
    public void Counts_have_three_digits(double count, string text) => Assert.Equal(text, Words.Count(count));

    [Fact]
    public void Plain_lines_come_for_each_step_and_stage_and_seldom_in_warmup()
    {
        var lines = new PlainLines();
        Assert.Equal("0:00 start", lines.Next(Status(RunStage.Starting, 0, 0)));
        Assert.Null(lines.Next(Status(RunStage.Starting, 0, 1)));
        Assert.Equal("0:01 warmup step 0/100", lines.Next(Status(RunStage.Warmup, 0, 1)));
        Assert.Null(lines.Next(Status(RunStage.Warmup, 5, 2)));
        Assert.Equal("0:03 warmup step 12/100 probe 0.310", lines.Next(Status(RunStage.Warmup, 12, 3) with { EvaluationReward = 0.31 }));
        Assert.Equal("0:04 eval-before eval 0.410", lines.Next(Status(RunStage.EvaluateBefore, 0, 4) with { EvaluationReward = 0.41 }));
        var step = Status(RunStage.Reinforcement, 14, 42) with
        {
            RewardHistory = [0.4, 0.532],
            Staleness = 0.84,
            SampledTokensPerSecond = 5213,
            TrainedTokensPerSecond = 3100,
            GroupsInFlight = 24,
            GroupsWaiting = 3,
            Remaining = TimeSpan.FromSeconds(31),
        };
        Assert.Equal("0:42 rl step 14/100 reward 0.532 version 1.14 staleness 0.8 sampled/s 5.21k trained/s 3.10k in-flight 24 waiting 3 left 0:31", lines.Next(step));
        Assert.Null(lines.Next(step with { Elapsed = TimeSpan.FromSeconds(43) }));
        Assert.NotNull(lines.Next(step with { Step = 15 }));
        Assert.Equal("0:50 failed The trainer is gone.", lines.Next(Status(RunStage.Failed, 15, 50) with { Failure = "The trainer is gone." }));
    }

    [Fact]
    public void The_live_view_shows_what_a_person_asks_for()
    {
        var rows = StatusView.Rows(Status(RunStage.Reinforcement, 25, 42) with { RewardHistory = [0, 1], EvaluationReward = 0.66, Remaining = TimeSpan.FromMinutes(2) });
        Assert.Equal(["stage", "step", "reward", "last eval", "policy", "tokens/s", "queue", "time"], rows.Select(row => row.Label));
        Assert.Equal("━━━━━━━━━━──────────────────────────────", rows[1].Text[..40]);
        Assert.EndsWith(" 25 of 100", rows[1].Text, StringComparison.Ordinal);
        Assert.Equal("▁█ 1.000", rows[2].Text);
        Assert.Equal("0:42, about 2:00 left", rows[^1].Text);
    }

    [Theory]
    [InlineData("auto", true, null, typeof(LiveDisplay))]
    [InlineData("auto", true, "true", typeof(RunDisplay))]
    [InlineData("auto", false, null, typeof(RunDisplay))]
    [InlineData("plain", true, null, typeof(RunDisplay))]
    public async Task The_display_fits_where_it_is_shown(string progress, bool isTerminal, string? ci, Type type)
    {
        using var output = new StringWriter();
        var context = new HostContext { Output = output, Error = TextWriter.Null, IsTerminal = isTerminal, Variable = name => name == "CI" ? ci : null };
        await using (var display = RunDisplay.Create(context, progress, output))
        {
            Assert.True(type == typeof(LiveDisplay) ? display is LiveDisplay : display is not LiveDisplay);
            display.Report(Status(RunStage.Reinforcement, 3, 5) with { RewardHistory = [0.25] });
        }

        Assert.Contains("0.250", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_can_be_switched_off()
    {
        using var output = new StringWriter();
        var context = new HostContext { Output = output, Error = TextWriter.Null, IsTerminal = true, Variable = name => name == "NO_COLOR" ? "1" : null };
        await using (var display = RunDisplay.Create(context, "auto", output))
        {
            display.Report(Status(RunStage.Reinforcement, 3, 5) with { RewardHistory = [0.25] });
        }

        Assert.DoesNotMatch(@"\u001b\[[0-9;]*3[0-9]m|\u001b\[38", output.ToString());
    }

    private static RunStatus Status(RunStage stage, int step, int seconds) => new()
    {
        Run = "parity-1",
        Recipe = "parity",
        Stage = stage,
        Step = step,
        Steps = 100,
        Version = new PolicyVersion(1, step),
        RewardHistory = [],
        Elapsed = TimeSpan.FromSeconds(seconds),
    };
}
