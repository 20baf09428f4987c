using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>
/// Settings as HOCON. Akka's parser reads the values; since it takes broken text for something else without a word (a missing brace, two keys on one line) and knows no
/// lines, <see cref="HoconOutline"/> goes through the text first.
/// </summary>
internal static class HoconText
{
    /// <summary>Every value with its full key, dots between, and the line (from 1) that sets it; a key that is set twice has the last line.</summary>
    /// <exception cref="HoconSyntaxException">The text is broken.</exception>
    public static IReadOnlyList<(string Key, string Text, int Line)> Read(string text)
    {
        var lines = new HoconOutline(text).Keys();
        if (lines.Count == 0)
        {
            return [];
        }

        var values = new Dictionary<string, string>();
        Flatten(Parse(text, lines), "", values);
        return [.. values.Select(v => (v.Key, v.Value, lines.GetValueOrDefault(v.Key))).OrderBy(v => v.Item3)];
    }

    /// <summary>The text in quotes, as HOCON and JSON have them.</summary>
    public static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text, Json.Options);

    private static HoconObject Parse(string text, IReadOnlyDictionary<string, int> lines)
    {
        try
        {
            return ConfigurationFactory.ParseString(text).Root.GetObject();
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            // What the outline lets through and Akka refuses is a substitution that leads nowhere.
            var line = 1 + text[..Math.Max(0, text.IndexOf("${", StringComparison.Ordinal))].Count(c => c == '\n');
            throw new HoconSyntaxException(line, e.Message.TrimEnd('.') + ".");
        }
    }

    private static void Flatten(HoconObject parent, string prefix, Dictionary<string, string> values)
    {
        foreach (var (name, value) in parent.Items)
        {
            var key = prefix + name;
            if (value.IsObject())
            {
                Flatten(value.GetObject(), key + ".", values);
            }
            else
            {
                values[key] = value.GetString() ?? "";
            }
        }
    }
}
