using System.Reflection;

namespace Intellect3.Actors.Serialization;

/// <summary>One property of a record on the wire.</summary>
/// <param name="Property">Has a getter and a setter or initialiser.</param>
/// <param name="CanBeNull">True for a reference that is declared nullable; a flag goes before it.</param>
internal sealed record WireMember(PropertyInfo Property, bool CanBeNull)
{
    /// <summary>The settable properties of a record, by name.</summary>
    public static IReadOnlyList<WireMember> Of(Type record)
    {
        var nullability = new NullabilityInfoContext();
        return
        [
            .. record.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(p => p.CanWrite)
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => new WireMember(p, !p.PropertyType.IsValueType && nullability.Create(p).ReadState == NullabilityState.Nullable)),
        ];
    }

    public override string ToString() => $"{Property.Name}: {WireShape.NameOf(Property.PropertyType)}{(CanBeNull ? "?" : "")}";
}
