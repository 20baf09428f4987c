using System.CommandLine;
using System.Text.RegularExpressions;
using Intellect3.Environments.Tasks;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env new</c>: a project with one task set, its tests and a README.</summary>
internal sealed partial class EnvNewCommand : Command
{
    private const string Prefix = "environment/";
    private const string TemplateName = "Clock";

    private readonly Argument<string> _name = new("name") { HelpName = "NAME", Description = "The package's name: a C# name, such as Clock." };
    private readonly Option<string?> _folder = new("--dir") { HelpName = "DIR", Description = "Where to write it; must be empty or not there. Default: ./NAME." };
    private readonly HostContext _context;

    public EnvNewCommand(HostContext context)
        : base("new", "Write a project: one task set in under 30 lines, its tests, a README.")
    {
        _context = context;
        Add(_name);
        Add(_folder);
        SetAction(call => Run(call.GetRequiredValue(_name), call.GetValue(_folder) ?? call.GetRequiredValue(_name)));
    }

    private int Run(string name, string folder)
    {
        if (!NamePattern().IsMatch(name) || TasksetRegistry.BuiltIn.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new CommandException(
                $"'{name}' cannot be the name of a new environment",
                $"A name is a C# name that begins with a capital and is not built in ({string.Join(", ", TasksetRegistry.BuiltIn.Names)}).",
                "Choose another, such as Clock.");
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new CommandException($"{folder} is not empty", "A new project does not overwrite anything.", "Give another folder with --dir.");
        }

        var sdk = EnvironmentSdk.In(_context.SdkFolder);
        var assembly = typeof(EnvNewCommand).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var path = Path.Combine(folder, Named(resource[Prefix.Length..].Replace('\\', '/'), name));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Named(reader.ReadToEnd(), name)
                .Replace("SDK_VERSION", sdk.Version, StringComparison.Ordinal)
                .Replace("SDK_FOLDER", sdk.Folder, StringComparison.Ordinal));
        }

        _context.Output.WriteLine($"wrote {folder}: {name}Taskset.cs is the environment");
        _context.Output.WriteLine($"  {_context.CommandName} env pack {folder}");
        return ExitCode.Success;
    }

    private static string Named(string text, string name) => text
        .Replace(TemplateName, name, StringComparison.Ordinal)
        .Replace($"\"{TemplateName.ToLowerInvariant()}\"", $"\"{name.ToLowerInvariant()}\"", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_]{0,79}\z")]
    private static partial Regex NamePattern();
}
