using FsCheck.Xunit;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class VersionTrackerTests
{
    // "a1.3": version 1.3 is announced, "ok": the fetch succeeds, "no": it fails. The log says what is fetched (f) and swapped to (s).
    [Theory]
    [InlineData("a1.0 ok", "f1.0 s1.0")]
    [InlineData("a1.0 a1.0 ok a1.0", "f1.0 s1.0")] // repeated
    [InlineData("a1.1 ok a1.0", "f1.1 s1.1")] // older
    [InlineData("a1.1 a1.0 ok", "f1.1 s1.1")] // older, while fetching
    [InlineData("a1.0 a1.1 a1.2 ok ok", "f1.0 s1.0 f1.2 s1.2")] // 1.1 is skipped
    [InlineData("a1.0 a1.2 a1.1 ok ok", "f1.0 s1.0 f1.2 s1.2")]
    [InlineData("a1.5 ok a2.0 ok", "f1.5 s1.5 f2.0 s2.0")] // a new lineage starts low
    [InlineData("a2.0 ok a1.9", "f2.0 s2.0")] // the old lineage is over
    [InlineData("a1.5 a2.0 ok ok", "f1.5 f2.0 s2.0")] // fetched, but its lineage ended meanwhile
    [InlineData("a1.0 no a1.0 ok", "f1.0 f1.0 s1.0")] // it may be announced again
    [InlineData("a1.0 a1.1 no ok", "f1.0 f1.1 s1.1")]
    public void The_node_does(string events, string expected)
    {
        var tracker = new VersionTracker();
        var log = new List<string>();
        foreach (var e in events.Split(' '))
        {
            var fetching = tracker.Fetching;
            var next = e switch
            {
                "ok" when tracker.Complete() => Log($"s{fetching!.Version}", tracker.StartNext()),
                "ok" => tracker.StartNext(),
                "no" => Fail(tracker),
                _ => tracker.Announce(Manifest(Parse(e[1..]))),
            };
            if (next is not null)
            {
                log.Add($"f{next.Version}");
            }
        }

        Assert.Equal(expected, string.Join(' ', log));

        ParameterManifest? Log(string line, ParameterManifest? next)
        {
            log.Add(line);
            return next;
        }
    }

    [Theory]
    [InlineData("", "1.0", true)]
    [InlineData("a1.0", "1.0", false)]
    [InlineData("a1.0", "1.1", true)]
    [InlineData("a1.0 a1.1", "1.1", false)]
    [InlineData("a1.0", "2.0", true)]
    [InlineData("a2.0", "1.9", false)]
    public void A_required_version_is_asked_for_when_it_is_not_on_its_way(string events, string version, bool ask)
    {
        var tracker = new VersionTracker();
        foreach (var e in events.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            tracker.Announce(Manifest(Parse(e[1..])));
        }

        Assert.Equal(ask, tracker.MustAskFor(Parse(version)));
        Assert.False(tracker.Has(Parse(version)));
    }

    [Property]
    public void The_version_never_goes_back_and_the_newest_arrives((byte Lineage, byte Number, bool Fails)[] events)
    {
        var tracker = new VersionTracker();
        PolicyVersion? before = null;
        foreach (var (lineage, number, fails) in events)
        {
            tracker.Announce(Manifest(new PolicyVersion(lineage % 3, number % 8)));
            if (fails && tracker.Fetching is not null)
            {
                Fail(tracker);
            }
            else if (number % 2 == 0 && tracker.Fetching is not null)
            {
                tracker.Complete();
                tracker.StartNext();
            }

            Assert.False(tracker.Current < before);
            before = tracker.Current;
        }

        var last = Manifest(new PolicyVersion(9, 0));
        tracker.Announce(last);
        while (tracker.Fetching is not null)
        {
            tracker.Complete();
            tracker.StartNext();
        }

        Assert.Equal(last.Version, tracker.Current);
    }

    internal static ParameterManifest Manifest(PolicyVersion version) => new("run", version, default, new ContentRef(new NodeAddress("n"), $"parameters/{version}", 4, default));

    private static ParameterManifest? Fail(VersionTracker tracker)
    {
        tracker.Fail();
        return tracker.StartNext();
    }

    private static PolicyVersion Parse(string text)
    {
        var parts = text.Split('.');
        return new PolicyVersion(int.Parse(parts[0], null), int.Parse(parts[1], null));
    }
}
