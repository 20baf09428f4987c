using System.CommandLine;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env list</c>: the built-in environments, and the packages of a node.</summary>
internal sealed class EnvListCommand : Command
{
    private readonly Option<string?> _to = new("--to") { HelpName = "HOST:PORT", Description = "Also the packages that this node has, by its HTTP port." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EnvListCommand(HostContext context)
        : base("list", "List the environments: the built-in ones, and with --to the packages of a node.")
    {
        _context = context;
        Add(_to);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var rows = TasksetRegistry.BuiltIn.Names
            .Select(TasksetRegistry.BuiltIn.Get)
            .Select(taskset => new PackageRow(taskset.Name, taskset.Version, EnvironmentKey.BuiltIn))
            .Concat(call.GetValue(_to) is { } node ? await PackagesOfAsync(node, stop) : [])
            .ToList();
        if (call.GetValue(_json))
        {
            rows.ForEach(row => _context.Output.WriteLine(Json.Line(row)));
            return ExitCode.Success;
        }

        var width = Math.Max(4, rows.Max(row => row.Name.Length));
        _context.Output.WriteLine($"{"NAME".PadRight(width)}  {"VERSION",-12}  SHA256");
        rows.ForEach(row => _context.Output.WriteLine($"{row.Name.PadRight(width)}  {row.Version,-12}  {row.Sha256}"));
        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<PackageRow>> PackagesOfAsync(string node, CancellationToken stop)
    {
        using var client = new NodeClient(node, token: null);
        return await client.PackagesAsync(stop);
    }
}
