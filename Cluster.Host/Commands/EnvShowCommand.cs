using System.CommandLine;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env show</c>: what an environment asks and when it ends, with a few of its tasks.</summary>
internal sealed class EnvShowCommand : Command
{
    private const int TasksShown = 3;

    private readonly Argument<string> _which = new("environment") { HelpName = "NAME|FILE.nupkg", Description = "A built-in environment, or a package." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EnvShowCommand(HostContext context)
        : base("show", "Show an environment: limits, rewards, and its first tasks.")
    {
        _context = context;
        Add(_which);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var which = call.GetRequiredValue(_which);
        var asJson = call.GetValue(_json);
        if (!which.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase))
        {
            var taskset = SettingChecks.RequireEnvironment(which);
            var scorer = Scorer.For(taskset);
            return await ShowAsync(new LocalEnvironment(taskset), scorer.Rewards, scorer.Metrics, scorer.Stops, asJson, stop);
        }

        var package = EnvCommand.Open(which);
        var folder = Directory.CreateTempSubdirectory("intellect3-show-").FullName;
        try
        {
            package.Unpack(Path.Combine(folder, "package"));
            await using var child = await ChildEnvironment.StartAsync(
                package.Key, Path.Combine(folder, "package"), new ChildOptions { Command = _context.EnvironmentHost }, stop);
            return await ShowAsync(child, child.Rewards, child.Metrics, child.Stops, asJson, stop);
        }
        catch (Exception e) when (e is PackageException or EnvironmentException)
        {
            throw new CommandException($"{which} cannot be shown", $"{e.Message}.", $"See `{_context.CommandName} env validate {which}`.", ExitCode.Failure);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> ShowAsync(
        IEnvironment environment, IReadOnlyList<string> rewards, IReadOnlyList<string> metrics, IReadOnlyList<string> stops, bool asJson, CancellationToken stop)
    {
        var tasks = new List<TaskData>();
        for (var index = 0; index < TasksShown; index++)
        {
            tasks.Add(await environment.GetTaskAsync(TaskSplit.Train, index, stop));
        }

        var (key, limits) = (environment.Key, environment.Limits);
        if (asJson)
        {
            _context.Output.WriteLine(Json.Line(new
            {
                name = key.Name, version = key.Version, sha256 = key.Hash, limits, rewards, metrics, stops,
                tasks = tasks.Select(task => new { task.Key, prompt = task.Prompt.Select(message => message.Content), task.Answer }),
            }));
            return ExitCode.Success;
        }

        _context.Output.WriteLine($"{key.Name} {key.Version}  {key.Hash}");
        _context.Output.WriteLine($"  limits   {limits.MaxTurns} turns, {limits.MaxTokens} tokens{(limits.StopSequences.Count > 0 ? ", stops at " + string.Join(" ", limits.StopSequences.Select(text => Json.Line(text))) : "")}");
        foreach (var (what, names) in ((string, IReadOnlyList<string>)[])[("rewards", rewards), ("metrics", metrics), ("stops", stops)])
        {
            _context.Output.WriteLine($"  {what,-7}  {(names.Count > 0 ? string.Join(", ", names) : "none")}");
        }

        foreach (var task in tasks)
        {
            _context.Output.WriteLine($"  {task.Key,-7}  {Json.Line(string.Concat(task.Prompt.Select(message => message.Content)))} -> {Json.Line(task.Answer)}");
        }

        return ExitCode.Success;
    }
}
