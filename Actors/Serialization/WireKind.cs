namespace Intellect3.Actors.Serialization;

/// <summary>The shapes that wire messages are made of.</summary>
internal enum WireKind
{
    Primitive,
    Text,
    Duration,
    Enum,
    ActorRef,
    Nullable,
    List,
    Map,
    Record,
}
