using System.Collections.Frozen;
using Akka.Actor;

namespace Intellect3.Actors.Serialization;

/// <summary>What a type looks like on the wire.</summary>
/// <param name="Kind">How its bytes are laid out.</param>
/// <param name="Element">The type inside a list, a map or a nullable value.</param>
internal readonly record struct WireShape(WireKind Kind, Type? Element = null)
{
    private static readonly FrozenDictionary<Type, string> Primitives = new Dictionary<Type, string>
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(Guid)] = "Guid",
        [typeof(DateTimeOffset)] = "DateTimeOffset",
    }.ToFrozenDictionary();

    /// <summary>The shape of a type, or null when it may not travel.</summary>
    public static WireShape? Of(Type type) => type switch
    {
        _ when Primitives.ContainsKey(type) => new(WireKind.Primitive),
        _ when type == typeof(string) => new(WireKind.Text),
        _ when type == typeof(TimeSpan) => new(WireKind.Duration),
        _ when type == typeof(IActorRef) => new(WireKind.ActorRef),
        _ when type.IsEnum => new(WireKind.Enum),
        _ when Nullable.GetUnderlyingType(type) is { } value => new(WireKind.Nullable, value),
        _ when IsGeneric(type, typeof(IReadOnlyList<>)) => new(WireKind.List, type.GetGenericArguments()[0]),
        _ when IsGeneric(type, typeof(IReadOnlyDictionary<,>)) && type.GetGenericArguments()[0] == typeof(string) => new(WireKind.Map, type.GetGenericArguments()[1]),
        _ when IsRecord(type) => new(WireKind.Record),
        _ => null,
    };

    /// <summary>A type's name as the approved text has it.</summary>
    public static string NameOf(Type type) => Of(type) switch
    {
        { Kind: WireKind.Primitive } => Primitives[type],
        { Kind: WireKind.Text } => "string",
        { Kind: WireKind.Nullable, Element: { } value } => NameOf(value) + "?",
        { Kind: WireKind.List, Element: { } element } => $"list of {NameOf(element)}",
        { Kind: WireKind.Map, Element: { } element } => $"map of {NameOf(element)}",
        _ => type.Name,
    };

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    // The compiler gives every record a PrintMembers method.
    private static bool IsRecord(Type type) =>
        !type.IsGenericType && (type.IsValueType || (type.IsSealed && type.IsClass))
        && type.GetMethod("PrintMembers", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic) is not null;
}
