namespace Intellect3.Actors.Messages;

/// <summary>
/// Everything that may cross from one node to another. A message implements it through the interface of its protocol, which carries
/// <see cref="WireProtocolAttribute"/>.
/// </summary>
/// <remarks>
/// A wire message is a sealed record of settable properties. Their types: the primitives, <see cref="string"/>, <see cref="TimeSpan"/>,
/// <see cref="DateTimeOffset"/>, <see cref="Guid"/>, enums, actor references, other sealed records, <see cref="IReadOnlyList{T}"/> and
/// <see cref="IReadOnlyDictionary{TKey, TValue}"/> (keys are strings) of these. No member is polymorphic and no record contains itself, so
/// bytes never choose a type. Big things never travel: see <see cref="Serialization.WireSerializer.MaxMessageBytes"/>.
/// </remarks>
public interface IWireMessage;
