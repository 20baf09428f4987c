using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env push</c>: brings a package to a node, which checks it and keeps it.</summary>
internal sealed class EnvPushCommand : Command
{
    private readonly Argument<string> _file = new("package") { HelpName = "FILE.nupkg", Description = "The package." };
    private readonly Option<string> _to = CommonOptions.Required("--to", "HOST:PORT", "A node, by its HTTP port.");
    private readonly Option<string?> _token = new("--token") { HelpName = "TOKEN", Description = "The node's admin token, where it asks for one. Default: INTELLECT3_TOKEN." };
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
        using var request = new HttpRequestMessage(HttpMethod.Post, "packages")
        {
            Content = new ReadOnlyMemoryContent(package.Bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        if ((call.GetValue(_token) ?? _context.Variable("INTELLECT3_TOKEN")) is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        var (status, answer) = await NodeHttp.SendAsync(call.GetRequiredValue(_to), request, stop);
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            throw new CommandException($"{call.GetRequiredValue(_to)} did not take {package.Key}", NodeHttp.ErrorOf(answer) ?? $"It answered {(int)status}.", null, ExitCode.Failure);
        }

        var isNew = status == HttpStatusCode.Created;
        _context.Output.WriteLine(call.GetValue(_json)
            ? Json.Line(new { name = package.Key.Name, version = package.Key.Version, sha256 = package.Key.Hash, @new = isNew })
            : $"{(isNew ? "pushed" : "already there:")} {package.Key.Name} {package.Key.Version}  sha256 {package.Key.Hash}");
        return ExitCode.Success;
    }
}
