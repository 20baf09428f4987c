using System.CommandLine;
using System.Text.Json;
using Intellect3.Environments.Verifiers.Text;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>verify</c>: a verifier over a file of cases, one JSON object a line.</summary>
internal sealed class VerifyCommand : Command
{
    public VerifyCommand(HostContext context)
        : base("verify", "Run a verifier over a file of cases.")
    {
        Add(Verifier(
            context,
            "difflib",
            """Python's SequenceMatcher ratio of two texts: {"a","b","autojunk"} gives {"ratio"}. "autojunk" is true unless said otherwise.""",
            line => new { ratio = SequenceMatcher.OfText(Text(line, "a"), Text(line, "b"), Flag(line, "autojunk", orElse: true)).Ratio }));
    }

    private static Command Verifier(HostContext context, string name, string description, Func<JsonElement, object> verify)
    {
        var input = CommonOptions.Required("--input", "FILE.jsonl", "The cases, one JSON object a line.");
        var json = CommonOptions.Json();
        var command = new Command(name, description) { input, json };
        command.SetAction(call => Run(context, call.GetRequiredValue(input), call.GetValue(json), verify));
        return command;
    }

    // One line out for each line in, in order; a bad line costs the exit code, never the lines after it.
    private static int Run(HostContext context, string path, bool json, Func<JsonElement, object> verify)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"there is no file {path}", null, "Give the path of a file with one JSON object a line.");
        }

        var exit = ExitCode.Success;
        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                context.Output.WriteLine(Json.Line(verify(document.RootElement)));
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                exit = ExitCode.BadInput;
                context.Output.WriteLine(Json.Line(new { error = e is JsonException ? "the line is not JSON" : e.Message }));
                if (!json)
                {
                    context.Error.WriteLine($"{path}:{number + 1}: {e.Message}");
                }
            }
        }

        return exit;
    }

    private static string Text(JsonElement line, string name) =>
        line.ValueKind != JsonValueKind.Object ? throw new FormatException("the line is not a JSON object")
        : line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new FormatException($"\"{name}\" must be a text");

    private static bool Flag(JsonElement line, string name, bool orElse) =>
        !line.TryGetProperty(name, out var value) ? orElse
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new FormatException($"\"{name}\" must be true or false");
}
