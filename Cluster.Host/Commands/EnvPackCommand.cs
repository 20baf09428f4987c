using System.CommandLine;
using System.Diagnostics;
using System.IO.Compression;
using Intellect3.Environments.Packages;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env pack</c>: builds a project and packs it, from the SDK beside the executable and what the package cache has.</summary>
internal sealed class EnvPackCommand : Command
{
    private const int ErrorsShown = 5;

    private readonly Argument<string> _project = new("project") { HelpName = "DIR", Description = "The folder of the project.", DefaultValueFactory = _ => "." };
    private readonly Option<string> _output = new("--out") { HelpName = "DIR", Description = "Where the package goes. Default: here.", DefaultValueFactory = _ => "." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EnvPackCommand(HostContext context)
        : base("pack", "Build an environment's project into a package: NAME.VERSION.nupkg. Needs no network.")
    {
        _context = context;
        Add(_project);
        Add(_output);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var project = ProjectIn(call.GetRequiredValue(_project));
        var built = Directory.CreateTempSubdirectory("intellect3-pack-").FullName;
        try
        {
            await BuildAsync(project, built, stop);
            var package = EnvCommand.Open(Directory.GetFiles(built, "*.nupkg").Single());
            var stable = EnvironmentPackage.Read(Repeatable(package.Bytes));
            var path = Path.Combine(call.GetRequiredValue(_output), $"{stable.Key.Name}.{stable.Key.Version}.nupkg");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await File.WriteAllBytesAsync(path, stable.Bytes, stop);
            _context.Output.WriteLine(call.GetValue(_json)
                ? Json.Line(new { file = path, name = stable.Key.Name, version = stable.Key.Version, sha256 = stable.Key.Hash })
                : $"{path}  sha256 {stable.Key.Hash}");
            return ExitCode.Success;
        }
        finally
        {
            Directory.Delete(built, recursive: true);
        }
    }

    private static string ProjectIn(string folder)
    {
        var projects = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csproj") : [];
        return projects is [var project]
            ? project
            : throw new CommandException($"{folder} holds {(projects.Length == 0 ? "no" : "more than one")} project", "An environment's folder has one .csproj.", "Make one with `intellect3 env new NAME --dir DIR`.");
    }

    private async Task BuildAsync(string project, string output, CancellationToken stop)
    {
        var sdk = EnvironmentSdk.In(_context.SdkFolder);

        // The SDK alone is restored from; what else the project needs is in the user's package cache once it was restored or tested.
        string[] arguments =
        [
            "pack", project, "-c", "Release", "-o", output, "-nologo", "-v", "q", "-nodeReuse:false",
            $"-p:RestoreSources={sdk.Folder}", "-p:ContinuousIntegrationBuild=true", "-p:UseSharedCompilation=false", "-p:NuGetAudit=false",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using var process = Start(start);
        process.StandardInput.Close();
        var text = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            var lines = (await text + await errors).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var wrong = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(ErrorsShown).DefaultIfEmpty(lines.LastOrDefault() ?? "");
            throw new CommandException(
                $"{project} does not build",
                string.Join("\n  ", wrong),
                lines.Any(line => line.Contains("NU1101", StringComparison.Ordinal)) ? "Restore it once with the network: dotnet restore." : null,
                ExitCode.Failure);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CommandException("the .NET SDK is not there", e.Message, "Install it: packing builds the project with `dotnet`.", ExitCode.Failure);
        }
    }

    /// <summary>The same content gives the same bytes and so the same hash: entries in order, without the time of packing and the random name of the package's properties.</summary>
    private static byte[] Repeatable(ReadOnlyMemory<byte> package)
    {
        const string Properties = "package/services/metadata/core-properties/";
        var time = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var from = new ZipArchive(new MemoryStream(package.ToArray()), ZipArchiveMode.Read);
        using var file = new MemoryStream();
        using (var to = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries.Where(entry => !entry.FullName.StartsWith(Properties, StringComparison.Ordinal) && entry.FullName != "_rels/.rels").OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                var copy = to.CreateEntry(entry.FullName);
                copy.LastWriteTime = time;
                using var content = entry.Open();
                using var target = copy.Open();
                content.CopyTo(target);
            }
        }

        return file.ToArray();
    }
}
