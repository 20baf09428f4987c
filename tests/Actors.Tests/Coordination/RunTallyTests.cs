using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class RunTallyTests
{
    [Fact]
    public void Busy_seconds_are_of_the_stretches_that_are_added_and_of_devices_that_came_within_them()
    {
        var tally = new RunTally(new ManualTime());
        tally.AddBusy(Of(("trainer-0", 10)), Of(("trainer-0", 14), ("engine-0", 3)));
        tally.AddBusy(Of(("trainer-0", 20), ("engine-0", 5)), Of(("trainer-0", 21), ("engine-0", 5)));

        Assert.Equal([("engine-0", 3.0), ("trainer-0", 5.0)], tally.BusySeconds.Select(b => (b.Key, b.Value)));
    }

    private static Dictionary<string, TimeSpan> Of(params (string Device, int Seconds)[] busy) => busy.ToDictionary(b => b.Device, b => TimeSpan.FromSeconds(b.Seconds));
}
