using System.CommandLine;
using System.Text.Json.Nodes;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>config show</c>: the effective settings of a recipe or file, and where each comes from.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(HostContext context)
        : base("config", "Look at settings.")
    {
        var recipe = CommonOptions.RecipeOrFile();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var show = new Command("show", "Print every setting of a run and where its value comes from: reference, recipe, file and line, or switch.") { recipe, set, json };
        show.SetAction(call =>
        {
            var settings = SettingsLoader.Load(call.GetValue(recipe), SettingsLoader.FromSwitches(call.GetValue(set)!));
            Show(context.Output, settings, call.GetValue(json));
        });
        Add(show);
    }

    private static void Show(TextWriter output, EffectiveSettings settings, bool json)
    {
        var rows = settings.Rows().ToList();
        var (keyWidth, valueWidth) = (rows.Max(row => row.Key.Length), rows.Max(row => row.Hocon.Length));
        foreach (var (key, hocon, source) in rows)
        {
            output.WriteLine(json
                ? Json.Line(new { key, value = ToJson(hocon), source })
                : $"{key.PadRight(keyWidth)} = {hocon.PadRight(valueWidth)}  # {source}");
        }
    }

    // Numbers, switches and quoted texts are JSON as they are; bare words are texts.
    private static JsonNode? ToJson(string hocon) => hocon switch
    {
        "on" => true,
        "off" => false,
        _ when (char.IsAsciiDigit(hocon[0]) && char.IsAsciiDigit(hocon[^1])) || hocon[0] == '"' => JsonNode.Parse(hocon),
        _ => hocon,
    };
}
