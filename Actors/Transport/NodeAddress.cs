namespace Intellect3.Actors.Transport;

/// <summary>Where a node serves its bytes: the base address of its endpoint, or <c>loopback://name</c> within one process.</summary>
public readonly record struct NodeAddress(string Value)
{
    public override string ToString() => Value;
}
