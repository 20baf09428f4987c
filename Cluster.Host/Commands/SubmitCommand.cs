using System.CommandLine;
using System.Net;
using Intellect3.Actors.Messages;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>submit</c>: start a run on a running cluster, or attach to it.</summary>
internal sealed class SubmitCommand : Command
{
    private readonly Argument<string?> _recipe = CommonOptions.RecipeOrFile();
    private readonly Option<string> _to = CommonOptions.Required("--to", "HOST:PORT", "The HTTP endpoint of any node.");
    private readonly Option<string?> _directory = new("--run-dir") { HelpName = "DIR", Description = "Where the run is kept, on the coordinator's machine. Default: runs/ and its name, below the coordinator's data directory." };
    private readonly Option<int?> _steps = CommonOptions.Integer("--steps", 1, "Steps of reinforcement learning.");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _follow = new("--follow") { Description = "Watch the run to its end. Ctrl-C ends the watching, not the run." };
    private readonly Option<string?> _progress = CommonOptions.Choice("--progress", ["auto", "plain", "none"], "How to show the run that is followed. Default: auto.");
    private readonly Option<string?> _token = CommonTokens.Option();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public SubmitCommand(HostContext context)
        : base("submit", "Start a run on a running cluster. The same unfinished run in the same directory is gone on with.")
    {
        _context = context;
        Add(_recipe);
        foreach (var option in (Option[])[_to, _directory, _steps, _set, _follow, _progress, _token, _json])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var settings = SettingsLoader.Load(call.GetValue(_recipe), SettingsLoader.FromSwitches(call.GetValue(_set)!, call.GetValue(_steps)));
        var to = call.GetRequiredValue(_to);
        using var client = new NodeClient(to, CommonTokens.Read(call, _token, _context));
        var run = RunOf(settings, call.GetValue(_directory), to, _context.Clock.GetLocalNow());
        var accepted = await client.SubmitAsync(run, stop);
        var talk = call.GetValue(_json) ? _context.Error : _context.Output;
        if (call.GetValue(_json))
        {
            _context.Output.WriteLine(Json.Line(accepted));
        }
        else
        {
            talk.WriteLine($"run      {accepted.Run}{(accepted.Attached ? ", gone on with" : "")}, in {accepted.Directory} on the coordinator's machine");
        }

        if (!call.GetValue(_follow))
        {
            return ExitCode.Success;
        }

        var exit = await new RunFollower(_context, client).FollowAsync(accepted.Directory, call.GetValue(_progress) ?? "auto", talk, settings.Run, stop);
        if (stop.IsCancellationRequested)
        {
            talk.WriteLine("The run goes on without being watched.");
        }

        return exit;
    }

    /// <summary>On this machine a relative directory means what it means to the shell; on another it is the coordinator's matter.</summary>
    internal static SubmitRun RunOf(EffectiveSettings settings, string? directory, string to, DateTimeOffset now)
    {
        var host = to[..Math.Max(0, to.LastIndexOf(':'))];
        var isHere = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        var path = directory is null ? "" : isHere ? Path.GetFullPath(directory) : directory;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(directory ?? RunDirectory.DefaultFor(settings.Run.Recipe, settings.Run.Seed, now)));
        return new SubmitRun(name, path, SettingsDocuments.Config(settings));
    }
}
