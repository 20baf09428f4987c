using System.CommandLine;
using System.Globalization;
using Intellect3.Actors.Administration;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>up</c>: a whole cluster on this machine, supervised; with a recipe it ends with the run.</summary>
internal sealed class UpCommand : Command
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly Option<int?> _trainers = CommonOptions.Integer("--trainers", 1, "Trainer nodes; those after the first are spares. Default: 1.");
    private readonly Option<int?> _rollouts = CommonOptions.Integer("--rollouts", 1, "Rollout and verifier nodes. Default: 2.");
    private readonly Option<string?> _recipe = new("--recipe") { HelpName = "RECIPE|FILE", Description = "Submit this run, follow it, and end with it." };
    private readonly Option<int?> _steps = CommonOptions.Integer("--steps", 1, "Steps of reinforcement learning.");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<string?> _runDirectory = new("--run-dir") { HelpName = "DIR", Description = "Where the run is kept." };
    private readonly Option<string?> _data = new("--data-dir") { HelpName = "DIR", Description = "What the nodes keep across restarts, their ports among it. Default: intellect3-data." };
    private readonly Option<int?> _port = CommonOptions.Integer("--port", 1, $"The seed's port. Default: {NodeOptions.DefaultPort}.");
    private readonly Option<int?> _httpPort = CommonOptions.Integer("--http-port", 1, $"The seed's HTTP port, for pbm and submit. Default: {NodeOptions.DefaultHttpPort}.");
    private readonly Option<string?> _progress = CommonOptions.Choice("--progress", ["auto", "plain", "none"], "How to show the run. Default: auto.");
    private readonly HostContext _context;

    public UpCommand(HostContext context)
        : base("up", "Start a whole cluster on this machine: a seed and coordinator, trainers and rollout nodes, each a process that is started again when it dies. Ctrl-C ends them all; so does the end of this command, however it comes.")
    {
        _context = context;
        foreach (var option in (Option[])[_trainers, _rollouts, _recipe, _steps, _set, _runDirectory, _data, _port, _httpPort, _progress])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        // What is wrong with the settings is found before anything is started.
        var recipe = call.GetValue(_recipe);
        var switches = SettingsLoader.FromSwitches(call.GetValue(_set)!, call.GetValue(_steps)).ToList();
        if (recipe is null && (switches.Count > 0 || call.GetValue(_runDirectory) is not null))
        {
            throw new CommandException("--steps, --set and --run-dir need --recipe", "They are a run's, and no run was asked for.", "Write for example: intellect3 up --recipe parity");
        }

        var settings = recipe is null ? null : SettingsLoader.Load(recipe, switches);
        var httpPort = call.GetValue(_httpPort) ?? NodeOptions.DefaultHttpPort;
        var options = new LocalClusterOptions(
            call.GetValue(_trainers) ?? 1, call.GetValue(_rollouts) ?? 2, call.GetValue(_data) ?? "intellect3-data", call.GetValue(_port) ?? NodeOptions.DefaultPort, httpPort);
        await using var cluster = await LocalCluster.StartAsync(options, _context.Error.WriteLine, stop);
        _context.Output.WriteLine($"up: {1 + options.Trainers + options.Rollouts} nodes, http://127.0.0.1:{httpPort}, logs in {options.DataDirectory}/*/node.log");
        _context.Output.Flush();
        if (settings is null)
        {
            _context.Output.WriteLine($"Next, try: {_context.CommandName} submit parity --to 127.0.0.1:{httpPort.ToString(CultureInfo.InvariantCulture)} --follow");
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Success;
        }

        return await RunAsync(settings, call, $"127.0.0.1:{httpPort}", stop);
    }

    private async Task<int> RunAsync(EffectiveSettings settings, ParseResult call, string to, CancellationToken stop)
    {
        using var client = new NodeClient(to, _context.Variable(CommonTokens.Variable));
        var run = SubmitCommand.RunOf(settings, call.GetValue(_runDirectory), to, _context.Clock.GetLocalNow());
        var accepted = await client.SubmitAsync(run, stop);
        _context.Output.WriteLine($"run      {accepted.Run}{(accepted.Attached ? ", gone on with" : "")}, in {accepted.Directory}");
        var exit = await new RunFollower(_context, client).FollowAsync(accepted.Directory, call.GetValue(_progress) ?? "auto", _context.Output, settings.Run, stop);
        if (stop.IsCancellationRequested)
        {
            await StopAsync(client);
            _context.Output.WriteLine("Stopped. The same command goes on with it.");
        }

        return exit;
    }

    /// <summary>Lets the run write its checkpoint before the nodes end.</summary>
    private static async Task StopAsync(NodeClient client)
    {
        using var deadline = new CancellationTokenSource(StopPatience);
        await client.StopAsync(deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while ((await client.StatusAsync(deadline.Token)).Stage is not (RunStage.Stopped or RunStage.Finished or RunStage.Failed))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The nodes hand over what they have when they leave.
        }
    }
}
