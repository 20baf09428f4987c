namespace Intellect3.Actors.Serialization;

/// <summary>A message type that may cross nodes.</summary>
/// <param name="Type">The sealed record.</param>
/// <param name="Protocol">Its protocol's name.</param>
/// <param name="Version">Its protocol's version.</param>
public sealed record WireType(Type Type, string Protocol, int Version)
{
    /// <summary>What names the type in an envelope: <c>protocol/version/type</c>.</summary>
    public string Manifest { get; } = $"{Protocol}/{Version}/{Type.Name}";
}
