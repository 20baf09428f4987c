using System.Collections;
using System.Reflection;
using Akka.Actor;
using Intellect3.Actors.Serialization;

namespace Intellect3.Actors.Tests.Serialization;

/// <summary>Makes a message of any wire type: every member set, no two values alike, collections of two.</summary>
internal sealed class SampleMessages(IActorRef actor)
{
    private int _next;

    public object Make(Type type) => WireShape.Of(type) switch
    {
        { Kind: WireKind.Text } => $"text {++_next} äöü",
        { Kind: WireKind.Duration } => TimeSpan.FromTicks(++_next * 1_234_567L),
        { Kind: WireKind.Enum } => Enum.GetValues(type).Cast<object>().Last(),
        { Kind: WireKind.ActorRef } => actor,
        { Kind: WireKind.Nullable, Element: { } value } => Make(value),
        { Kind: WireKind.List, Element: { } element } => MakeList(element),
        { Kind: WireKind.Map, Element: { } element } => MakeMap(element),
        { Kind: WireKind.Record } => MakeRecord(type),
        _ when type == typeof(bool) => ++_next % 2 == 0,
        _ when type == typeof(Guid) => new Guid(++_next, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 2, 3, 4, ++_next % 60, TimeSpan.FromHours(2)),
        _ when type == typeof(float) || type == typeof(double) => Convert.ChangeType((++_next * 1.5) + 0.25, type, null),
        _ => Convert.ChangeType(++_next, type, null),
    };

    /// <summary>A value as text with everything inside it, because records compare their collections by reference.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IActorRef reference => reference.Path.ToStringWithUid(),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(k => $"{k}: {Show(map[k])}")) + "}",
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Show)) + "]",
        _ when WireShape.Of(value.GetType()) is { Kind: WireKind.Record } =>
            value.GetType().Name + "(" + string.Join(", ", WireMember.Of(value.GetType()).Select(m => $"{m.Property.Name}: {Show(m.Property.GetValue(value))}")) + ")",
        IFormattable number => number.ToString(value is DateTimeOffset ? "o" : value is float or double ? "R" : null, null),
        _ => value.ToString()!,
    };

    private Array MakeList(Type element)
    {
        var list = Array.CreateInstance(element, 2);
        list.SetValue(Make(element), 0);
        list.SetValue(Make(element), 1);
        return list;
    }

    private IDictionary MakeMap(Type element)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        map["first"] = Make(element);
        map["second"] = Make(element);
        return map;
    }

    private object MakeRecord(Type type)
    {
        var record = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in WireMember.Of(type))
        {
            member.Property.SetValue(record, Make(member.Property.PropertyType));
        }

        return record;
    }
}
