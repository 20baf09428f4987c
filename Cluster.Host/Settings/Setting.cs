using Intellect3.Actors.Coordination;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>One setting: everything that reference, documentation, validation and command line know of it, and where it lives in <see cref="RunSettings"/>.</summary>
public sealed class Setting
{
    private readonly Func<RunSettings, string> _read;
    private readonly Func<RunSettings, string, RunSettings> _write;

    internal Setting(string key, string type, bool isQuoted, string description, Func<RunSettings, string> read, Func<RunSettings, string, RunSettings> write)
    {
        (Key, Type, IsQuoted, Description) = (key, type, isQuoted, description);
        (_read, _write) = (read, write);
    }

    /// <summary>The HOCON key: <c>trainer.learning-rate</c>.</summary>
    public string Key { get; }

    /// <summary>Type and range, or choices, in words.</summary>
    public string Type { get; }

    /// <summary>What it does, in one line, its unit included.</summary>
    public string Description { get; }

    /// <summary>True when HOCON needs quotes around the value.</summary>
    public bool IsQuoted { get; }

    /// <summary>The value as text.</summary>
    public string Read(RunSettings settings) => _read(settings);

    /// <summary>The value as HOCON.</summary>
    public string ReadHocon(RunSettings settings) => IsQuoted ? HoconText.Quote(Read(settings)) : Read(settings);

    /// <summary>The settings with this one set from its text.</summary>
    /// <exception cref="FormatException">The text is not a value of this setting; the message says what it must be.</exception>
    public RunSettings Write(RunSettings settings, string text) => _write(settings, text);
}
