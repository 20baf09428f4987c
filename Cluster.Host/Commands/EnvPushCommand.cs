using System.CommandLine;
using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env push</c>: brings a package to a node, which checks it and keeps it.</summary>
internal sealed class EnvPushCommand : Command
{
    private readonly Argument<string> _file = new("package") { HelpName = "FILE.nupkg", Description = "The package." };
    private readonly Option<string> _to = CommonOptions.Required("--to", "HOST:PORT", "A node, by its HTTP port.");
    private readonly Option<string?> _token = CommonTokens.Option();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EnvPushCommand(HostContext context)
        : base("push", "Bring a package to a node of a cluster. Pushing the same bytes again changes nothing.")
    {
        _context = context;
        foreach (var option in (Option[])[_to, _token, _json])
        {
            Add(option);
        }

        Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var package = EnvCommand.Open(call.GetRequiredValue(_file));
        using var client = new NodeClient(call.GetRequiredValue(_to), CommonTokens.Read(call, _token, _context));
        var isNew = await client.PushAsync(package.Bytes, stop);

        _context.Output.WriteLine(call.GetValue(_json)
            ? Json.Line(new { name = package.Key.Name, version = package.Key.Version, sha256 = package.Key.Hash, @new = isNew })
            : $"{(isNew ? "pushed" : "already there:")} {package.Key.Name} {package.Key.Version}  sha256 {package.Key.Hash}");
        return ExitCode.Success;
    }
}
