using FsCheck.Xunit;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class DistributionTreeTests
{
    [Theory]
    [InlineData(2, 0, "")]
    [InlineData(2, 1, "")]
    [InlineData(2, 2, "0")]
    [InlineData(2, 3, "0")]
    [InlineData(2, 4, "1")]
    [InlineData(2, 6, "2 0")]
    [InlineData(2, 13, "5 1")]
    [InlineData(2, 14, "6 2 0")]
    [InlineData(1, 3, "2 1 0")]
    [InlineData(4, 3, "")]
    [InlineData(4, 19, "3")]
    public void A_receiver_pulls_from(int arity, int receiver, string ancestors)
    {
        var tree = Tree(arity, receiver + 1);

        Assert.Equal(ancestors, string.Join(' ', tree.AncestorsOf(receiver).Select(a => a.Value)));
    }

    [Fact]
    public void Who_did_not_join_pulls_from_the_publisher() => Assert.Empty(Tree(2, 5).AncestorsOf(99));

    [Fact]
    public void Joining_again_changes_nothing()
    {
        var tree = Tree(2, 5);

        Assert.False(tree.Join(4, new NodeAddress("elsewhere")));
        Assert.Equal([new NodeAddress("1")], tree.AncestorsOf(4));
    }

    [Fact]
    public void The_place_of_one_that_left_is_taken()
    {
        var tree = Tree(2, 7);

        tree.Leave(0);

        Assert.Equal([new NodeAddress("2")], tree.AncestorsOf(6));
        Assert.Empty(tree.AncestorsOf(2));
    }

    [Property]
    public void Nobody_serves_more_than_its_share_and_the_way_is_short(byte arity, byte receivers, byte[] leaving)
    {
        var width = (arity % 4) + 1;
        var tree = Tree(width, receivers);
        var left = leaving.Select(l => (int)l).ToHashSet();
        foreach (var receiver in left)
        {
            tree.Leave(receiver);
        }

        var remaining = Enumerable.Range(0, receivers).Where(r => !left.Contains(r)).ToList();
        var ways = remaining.ToDictionary(r => r, r => tree.AncestorsOf(r).Select(a => int.Parse(a.Value, null)).ToList());
        Assert.All(ways.GroupBy(w => w.Value.Count == 0 ? -1 : w.Value[0]), children => Assert.InRange(children.Count(), 1, width));
        Assert.All(ways, way => Assert.All(way.Value.Prepend(way.Key).Zip(way.Value), pair => Assert.True(pair.Second < pair.First, "one pulls from an earlier one")));
        Assert.All(ways, way => Assert.DoesNotContain(way.Value, left.Contains));
        if (width > 1)
        {
            Assert.All(ways, way => Assert.True(way.Value.Count <= Math.Log(remaining.Count + 1, width) + 1));
        }
    }

    private static DistributionTree<int> Tree(int arity, int receivers)
    {
        var tree = new DistributionTree<int>(arity);
        foreach (var receiver in Enumerable.Range(0, receivers))
        {
            Assert.True(tree.Join(receiver, new NodeAddress($"{receiver}")));
        }

        return tree;
    }
}
