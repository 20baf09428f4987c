using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Tests.Administration;

public sealed class LogRingTests
{
    [Fact]
    public void The_last_entries_are_kept_and_numbered()
    {
        using var ring = new LogRing(3, TimeProvider.System);
        for (var i = 1; i <= 5; i++)
        {
            ring.Add(LogEntryLevel.Info, "/user/x", $"entry {i}");
        }

        var read = ring.Read(new GetLogEntries(0, 10, LogEntryLevel.Debug));
        Assert.Equal([3L, 4, 5], read.Entries.Select(e => e.Number));
        Assert.Equal(5, read.Last);
        Assert.Equal(["entry 5"], ring.Read(new GetLogEntries(4, 10, LogEntryLevel.Debug)).Entries.Select(e => e.Message));
        Assert.Equal(["entry 4", "entry 5"], ring.Read(new GetLogEntries(0, 2, LogEntryLevel.Debug)).Entries.Select(e => e.Message));
        Assert.Empty(ring.Read(new GetLogEntries(5, 10, LogEntryLevel.Debug)).Entries);
    }

    [Fact]
    public void Entries_below_the_level_are_left_out_and_still_counted()
    {
        using var ring = new LogRing(10, TimeProvider.System);
        ring.Add(LogEntryLevel.Warning, "a", "w");
        ring.Add(LogEntryLevel.Debug, "a", "d");

        var read = ring.Read(new GetLogEntries(0, 10, LogEntryLevel.Info));

        Assert.Equal(["w"], read.Entries.Select(e => e.Message));
        Assert.Equal(2, read.Last);
    }

    [Fact]
    public void An_answer_fits_into_a_message_whatever_was_logged()
    {
        using var ring = new LogRing(500, TimeProvider.System);
        for (var i = 0; i < 500; i++)
        {
            ring.Add(LogEntryLevel.Info, "/user/x", new string('x', 10_000));
        }

        var read = ring.Read(new GetLogEntries(0, int.MaxValue, LogEntryLevel.Info));

        Assert.InRange(read.Entries.Sum(e => e.Message.Length), 2_000, 20_000);
        Assert.Equal(500, read.Entries[^1].Number);
    }

    [Fact]
    public void A_logger_feeds_it_with_the_run_the_category_and_the_exception()
    {
        using var ring = new LogRing(10, TimeProvider.System) { Run = "first" };
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(ring));

        var exception = new InvalidOperationException("reason");
        factory.CreateLogger("category").Log(LogLevel.Critical, default, "text", exception, (state, _) => state);

        var entry = Assert.Single(ring.Read(new GetLogEntries(0, 10, LogEntryLevel.Debug)).Entries);
        Assert.Equal((LogEntryLevel.Error, "category", "first", "text: reason"), (entry.Level, entry.Actor, entry.Run, entry.Message));
    }
}
