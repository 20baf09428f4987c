using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Tests.Devices;

public sealed class EngineChooserTests
{
    // Engines of 2 slots. "a" asks for affinity a, "-1" releases a request of engine 1, "x1" removes engine 1.
    [Theory]
    [InlineData(1, "a b c", "0 0 0")]
    [InlineData(2, "a b c d", "0 1 0 1")]
    [InlineData(2, "a a a", "0 0 1")] // stays while there is room
    [InlineData(2, "a b -0 c a", "0 1 0 0")] // most free first, then where a was
    [InlineData(3, "a b c b a c", "0 1 2 1 0 2")]
    [InlineData(2, "a x0 a", "0 1")]
    [InlineData(2, "a b c d e f", "0 1 0 1 0 1")] // full: the shortest queue
    [InlineData(1, "x0 a", "none")]
    public void The_engine_is(int engines, string actions, string expected)
    {
        var chooser = New(engines);
        var chosen = new List<string>();
        foreach (var action in actions.Split(' '))
        {
            switch (action[0])
            {
                case '-':
                    chooser.Release(action[1] - '0', 1);
                    break;
                case 'x':
                    chooser.Remove(action[1] - '0');
                    break;
                default:
                    chosen.Add(chooser.Choose(action)?.ToString() ?? "none");
                    break;
            }
        }

        Assert.Equal(expected, string.Join(' ', chosen));
    }

    [Fact]
    public void A_waiting_request_takes_no_free_slot_of_another_engine()
    {
        var chooser = New(2);
        foreach (var _ in Enumerable.Range(0, 7))
        {
            chooser.Choose("a");
        }

        Assert.Equal((4, 0), (chooser.Slots, chooser.Free));
        chooser.Release(1, 2);
        Assert.Equal(1, chooser.Free);
    }

    [Fact]
    public void Only_so_many_affinities_are_remembered()
    {
        var chooser = new EngineChooser(slots: 100, rememberedAffinities: 1);
        chooser.Add(0);
        chooser.Add(1);

        Assert.Equal([0, 1, 0], new[] { "a", "b", "a" }.Select(chooser.Choose).Select(e => e!.Value));
    }

    [Property]
    public void Free_slots_are_what_was_not_given_out(byte[] affinities)
    {
        var chooser = New(3);
        var loads = new int[3];
        foreach (var affinity in affinities)
        {
            loads[chooser.Choose($"{affinity % 5}")!.Value]++;
            Assert.Equal(loads.Sum(l => Math.Max(0, 2 - l)), chooser.Free);
        }

        Assert.True(loads.Max() - loads.Min() <= 2, "no engine is left idle while another one's queue grows");
    }

    private static EngineChooser New(int engines)
    {
        var chooser = new EngineChooser(slots: 2);
        for (var engine = 0; engine < engines; engine++)
        {
            chooser.Add(engine);
        }

        return chooser;
    }
}
