using System.Reflection;
using System.Text;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Serialization;

/// <summary>The wire types of an assembly, found by reflection and checked against the rules of <see cref="IWireMessage"/>.</summary>
public sealed class WireTypes
{
    private readonly Dictionary<Type, WireType> _byType;
    private readonly Dictionary<string, WireType> _byManifest;

    /// <summary>Collects and checks.</summary>
    /// <exception cref="InvalidOperationException">A type breaks a rule; the message names the member.</exception>
    public WireTypes(IEnumerable<Type> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        All =
        [
            .. types.Where(t => typeof(IWireMessage).IsAssignableFrom(t) && t is { IsInterface: false, IsAbstract: false })
                .Select(Describe)
                .OrderBy(t => t.Manifest, StringComparer.Ordinal),
        ];
        foreach (var message in All)
        {
            CheckRecord(message.Type, message.Type.Name, []);
        }

        _byType = All.ToDictionary(t => t.Type);
        _byManifest = All.ToDictionary(t => t.Manifest, StringComparer.Ordinal);
    }

    /// <summary>The wire types of this assembly.</summary>
    public static WireTypes Default { get; } = new(typeof(WireTypes).Assembly.GetTypes());

    /// <summary>All types, by manifest.</summary>
    public IReadOnlyList<WireType> All { get; }

    public WireType? Find(Type type) => _byType.GetValueOrDefault(type);

    public WireType? Find(string manifest) => _byManifest.GetValueOrDefault(manifest);

    /// <summary>All protocols, messages and reachable records with their members, as text to approve.</summary>
    public string ToApprovedText()
    {
        var text = new StringBuilder();
        foreach (var protocol in All.GroupBy(t => (t.Protocol, t.Version)))
        {
            text.Append(null, $"{protocol.Key.Protocol} {protocol.Key.Version}\n");
            var values = new SortedDictionary<string, Type>(StringComparer.Ordinal);
            foreach (var message in protocol)
            {
                AppendType(text, "message", message.Type);
                CollectValues(message.Type, values);
            }

            foreach (var value in values.Values.Except(protocol.Select(t => t.Type)))
            {
                AppendType(text, "value", value);
            }
        }

        return text.ToString();
    }

    private static WireType Describe(Type type)
    {
        var protocols = type.GetInterfaces().Select(i => i.GetCustomAttribute<WireProtocolAttribute>()).OfType<WireProtocolAttribute>().ToList();
        return protocols is [var protocol]
            ? new WireType(type, protocol.Name, protocol.Version)
            : throw new InvalidOperationException($"{type.Name} must implement the interface of exactly one protocol, it implements {protocols.Count}");
    }

    private static void CheckRecord(Type record, string path, IReadOnlyCollection<Type> around)
    {
        if (WireShape.Of(record) is not { Kind: WireKind.Record })
        {
            throw new InvalidOperationException($"{path} is a {record.Name}, which is not a sealed record");
        }

        if (around.Contains(record))
        {
            throw new InvalidOperationException($"{path} contains {record.Name} within itself");
        }

        var members = WireMember.Of(record);
        var fields = record.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length;
        if (fields != members.Count)
        {
            throw new InvalidOperationException($"{path} ({record.Name}) has state beside its settable properties, which would be lost on the way");
        }

        foreach (var member in members)
        {
            CheckMember(member.Property.PropertyType, $"{path}.{member.Property.Name}", [.. around, record]);
        }
    }

    private static void CheckMember(Type type, string path, IReadOnlyCollection<Type> around)
    {
        switch (WireShape.Of(type))
        {
            case null:
                throw new InvalidOperationException($"{path} is a {type}, which may not travel: see {nameof(IWireMessage)} for what may");
            case { Kind: WireKind.Record }:
                CheckRecord(type, path, around);
                break;
            case { Element: { } element }:
                CheckMember(element, path, around);
                break;
        }
    }

    private static void CollectValues(Type type, SortedDictionary<string, Type> values)
    {
        foreach (var member in WireMember.Of(type))
        {
            var inner = member.Property.PropertyType;
            while (WireShape.Of(inner) is { Element: { } element })
            {
                inner = element;
            }

            if (WireShape.Of(inner) is { Kind: WireKind.Record or WireKind.Enum } shape && values.TryAdd(inner.Name, inner) && shape.Kind == WireKind.Record)
            {
                CollectValues(inner, values);
            }
        }
    }

    private static void AppendType(StringBuilder text, string role, Type type)
    {
        text.Append(null, $"  {role} {type.Name}\n");
        if (type.IsEnum)
        {
            text.Append(null, $"    {string.Join(", ", Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), null)}"))}\n");
            return;
        }

        foreach (var member in WireMember.Of(type))
        {
            text.Append(null, $"    {member}\n");
        }
    }
}
