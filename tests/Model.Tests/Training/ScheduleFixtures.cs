using Intellect3.Model.Training.Schedules;

namespace Intellect3.Model.Tests.Training;

/// <summary>Learning rates as prime-rl's schedulers give them (fixtures/optim.json; 1e-9 of the peak).</summary>
public sealed class ScheduleFixtures
{
    [Fact]
    public void Every_schedule_agrees()
    {
        foreach (var row in Fixture.Load("optim.json").GetProperty("schedules").EnumerateArray())
        {
            var config = row.GetProperty("config");
            int Steps(string name) => config.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
            var schedule = new LearningRateSchedule(
                config.GetProperty("type").GetString()!,
                config.GetProperty("lr").GetDouble(),
                Steps("max_steps"),
                Steps("warmup_steps"),
                Steps("decay_steps"),
                config.TryGetProperty("min_lr", out var minimum) ? minimum.GetDouble() : 0);
            var expected = row.Doubles("lr");
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - schedule.At(i)) <= 1e-9 * schedule.Peak, $"{config} at {i}: {expected[i]:R} and {schedule.At(i):R}");
            }
        }
    }
}
