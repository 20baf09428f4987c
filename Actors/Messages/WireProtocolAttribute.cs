namespace Intellect3.Actors.Messages;

/// <summary>Names a protocol and its version on the interface that its messages share. The version is raised with every change of a message's shape.</summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class WireProtocolAttribute(string name, int version) : Attribute
{
    public string Name { get; } = name;

    public int Version { get; } = version;
}
