namespace Intellect3.Actors.Administration.Commands;

/// <summary>What a value of an argument looks like.</summary>
public enum ArgumentKind
{
    Text,

    /// <summary>A switch without a value.</summary>
    Flag,

    /// <summary>A whole number from 1.</summary>
    Count,

    /// <summary>A number that is not negative.</summary>
    Number,

    /// <summary>A number and a unit: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
    Duration,
}
