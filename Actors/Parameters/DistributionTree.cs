using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Parameters;

/// <summary>
/// Decides who pulls from whom: a tree of fixed arity over the receivers in the order in which they came, with the publisher as its root. So the publisher serves
/// <c>arity</c> receivers however many there are, and the last is <c>log N</c> hops away.
/// </summary>
/// <remarks>Whoever stays keeps its order when others leave: nobody ever pulls from one that came later, so there is never a circle, even between old and new answers.</remarks>
/// <typeparam name="TReceiver">What tells receivers apart.</typeparam>
public sealed class DistributionTree<TReceiver>
    where TReceiver : notnull
{
    private readonly int _arity;
    private readonly List<(TReceiver Receiver, NodeAddress Node)> _order = [];

    /// <param name="arity">How many receivers pull from one node.</param>
    public DistributionTree(int arity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arity, 1);
        _arity = arity;
    }

    /// <summary>A receiver that passes content on is there. True when it was not known.</summary>
    public bool Join(TReceiver receiver, NodeAddress node)
    {
        if (PositionOf(receiver) >= 0)
        {
            return false;
        }

        _order.Add((receiver, node));
        return true;
    }

    /// <summary>A receiver is gone.</summary>
    public void Leave(TReceiver receiver) => _order.RemoveAll(r => r.Receiver.Equals(receiver));

    /// <summary>Whom a receiver pulls from, the best first; after all of them the publisher. Empty for who has not joined.</summary>
    public IReadOnlyList<NodeAddress> AncestorsOf(TReceiver receiver)
    {
        var ancestors = new List<NodeAddress>();
        for (var parent = ParentOf(PositionOf(receiver)); parent >= 0; parent = ParentOf(parent))
        {
            ancestors.Add(_order[parent].Node);
        }

        return ancestors;
    }

    /// <summary>The publisher is at -1.</summary>
    private int ParentOf(int position) => position < 0 ? -1 : (position / _arity) - 1;

    private int PositionOf(TReceiver receiver) => _order.FindIndex(r => r.Receiver.Equals(receiver));
}
