using System.CommandLine;
using Intellect3.Cluster.Host.Display;
using Intellect3.Cluster.Host.Settings;
using Intellect3.Kernels.Features;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>train</c>: a whole run in this process, a cluster of one node.</summary>
internal sealed class TrainCommand : Command
{
    private readonly Argument<string?> _recipe = CommonOptions.RecipeOrFile();
    private readonly Option<string?> _directory = new("--run-dir") { HelpName = "DIR", Description = "Where the run is written. Default: runs/<recipe>-<seed>-<time>." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in --run-dir, from its newest complete checkpoint." };
    private readonly Option<int?> _steps = CommonOptions.Integer("--steps", 0, "Steps of reinforcement learning; the same as --set steps=N.");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<string?> _progress = CommonOptions.Choice("--progress", ["auto", "plain", "none"], "auto: a live view on a terminal, plain lines elsewhere.");
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public TrainCommand(HostContext context)
        : base("train", "Train a model: a whole run in one process. Ctrl-C once writes a checkpoint and leaves, twice ends at once.")
    {
        _context = context;
        Add(_recipe);
        foreach (var option in (Option[])[_directory, _resume, _steps, _set, _progress, _json])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var resume = call.GetValue(_resume);
        var (settings, directory) = resume ? Resumed(call) : New(call);
        var json = call.GetValue(_json);
        var talk = json ? _context.Error : _context.Output;
        if (directory.IsFinished)
        {
            talk.WriteLine($"The run in {directory.Root} is finished: there is nothing left to do.");
            WriteSummary(directory, json);
            return ExitCode.Success;
        }

        var config = resume ? await File.ReadAllTextAsync(directory.ConfigPath, stop) : SettingsDocuments.Config(settings);
        if (!resume)
        {
            directory.Begin(config);
        }

        WriteLines(talk, Texts.Plan(settings.Run, Shown(directory.Root), resume));
        var exit = await LaunchAsync(call, talk, directory, display => new RunRequest(settings.Run, directory.Root, resume, config, display), stop);
        if (exit == ExitCode.Success && directory.IsFinished)
        {
            WriteLines(talk, Texts.Result(WriteSummary(directory, json), settings.Run, Shown(directory.Root), _context.CommandName));
        }
        else if (stop.IsCancellationRequested)
        {
            talk.WriteLine($"Stopped. Go on with: {_context.CommandName} train --resume --run-dir {Shown(directory.Root)}");
        }

        return exit;
    }

    private async Task<int> LaunchAsync(ParseResult call, TextWriter talk, RunDirectory directory, Func<RunDisplay, RunRequest> request, CancellationToken stop)
    {
        await using var display = RunDisplay.Create(_context, call.GetValue(_progress) ?? "auto", talk);
        try
        {
            return await _context.Launcher.RunAsync(request(display), stop);
        }
        catch (CommandException) when (!call.GetValue(_resume))
        {
            directory.TakeBack();
            throw;
        }
    }

    private (EffectiveSettings Settings, RunDirectory Directory) New(ParseResult call)
    {
        var settings = SettingsLoader.Load(call.GetValue(_recipe), Switches(call));
        RequireKernels(settings);
        var path = call.GetValue(_directory) ?? RunDirectory.DefaultFor(settings.Run.Recipe, settings.Run.Seed, _context.Clock.GetLocalNow());
        return (settings, RunDirectory.ForNewRun(path));
    }

    private (EffectiveSettings Settings, RunDirectory Directory) Resumed(ParseResult call)
    {
        var path = call.GetValue(_directory)
            ?? throw new CommandException("--resume needs --run-dir", "Only the directory says which run is meant.", "Write: intellect3 train --resume --run-dir DIR");
        var directory = RunDirectory.ForResume(path);
        var settings = directory.ReadSettings(call.GetValue(_recipe), Switches(call));
        RequireKernels(settings);
        return (settings, directory);
    }

    // Other machines may have the path that this one lacks, so it is no matter of the settings alone.
    private static void RequireKernels(EffectiveSettings settings)
    {
        try
        {
            KernelPaths.Parse(settings.Run.Device.Kernels);
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"device.kernels = {settings.Run.Device.Kernels} cannot be had here ({settings.SourceOf("device.kernels")})", $"{e.Message}.", "Name a path that this machine has, or auto.");
        }
    }

    private List<SettingValue> Switches(ParseResult call) => [.. SettingsLoader.FromSwitches(call.GetValue(_set)!, call.GetValue(_steps))];

    // With --json the summary is the one line of standard output.
    private RunSummary WriteSummary(RunDirectory directory, bool json)
    {
        var summary = RunSummary.Parse(File.ReadAllText(directory.SummaryPath));
        if (json)
        {
            _context.Output.WriteLine(summary.Line);
        }

        return summary;
    }

    private static void WriteLines(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }

        output.Flush();
    }

    // Below the working directory a relative path is easier to read and to type.
    private static string Shown(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path;
}
