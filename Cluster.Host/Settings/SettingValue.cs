namespace Intellect3.Cluster.Host.Settings;

/// <summary>A value that somebody gave a setting.</summary>
/// <param name="Key">The setting's key.</param>
/// <param name="Text">The value as it was written.</param>
/// <param name="Source">Who gave it: <c>recipe parity</c>, <c>mine.conf:12</c>, <c>--set</c>, <c>--steps</c>.</param>
public sealed record SettingValue(string Key, string Text, string Source);
