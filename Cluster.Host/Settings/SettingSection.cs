using Intellect3.Actors.Coordination;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>Defines the settings that live in one record of <see cref="RunSettings"/>. Defaults are those of the record.</summary>
/// <param name="prefix">What their keys begin with, or nothing.</param>
/// <param name="get">Finds the record.</param>
/// <param name="set">Puts a changed record in its place.</param>
internal sealed class SettingSection<T>(string prefix, Func<RunSettings, T> get, Func<RunSettings, T, RunSettings> set)
{
    public Setting Integer(string key, Func<T, int> read, Func<T, int, T> write, int minimum, int? maximum, string description) =>
        Define(key, new NumberKind<int>(minimum, maximum), read, write, description);

    public Setting Real(string key, Func<T, double> read, Func<T, double, T> write, double minimum, double? maximum, string description) =>
        Define(key, new NumberKind<double>(minimum, maximum), read, write, description);

    public Setting Choice(string key, Func<T, string> read, Func<T, string, T> write, string[] choices, string description) =>
        Define(key, new ChoiceKind(choices), read, write, description);

    public Setting Switch(string key, Func<T, bool> read, Func<T, bool, T> write, string description) =>
        Define(key, new SwitchKind(), read, write, description);

    public Setting Text(string key, Func<T, string> read, Func<T, string, T> write, string description) =>
        Define(key, new TextKind(), read, write, description);

    public Setting Duration(string key, Func<T, TimeSpan> read, Func<T, TimeSpan, T> write, string description) =>
        Define(key, new DurationKind(), read, write, description);

    public Setting Define<TValue>(string key, ValueKind<TValue> kind, Func<T, TValue> read, Func<T, TValue, T> write, string description) =>
        new(
            prefix.Length == 0 ? key : $"{prefix}.{key}",
            kind.Description,
            kind is TextKind,
            description,
            settings => kind.Format(read(get(settings))),
            (settings, text) => set(settings, write(get(settings), kind.Parse(text))));
}
