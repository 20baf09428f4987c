using System.CommandLine;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Cluster.Host.Pbm;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>pbm</c>: inspects and steers a running cluster. It knows no command of its own: what there is, the node says.</summary>
internal sealed class PbmCommand : Command
{
    private readonly HostContext _context;

    public PbmCommand(HostContext context)
        : base("pbm", $"Inspect and steer a running cluster. [HOST:PORT] is a node's HTTP address (default {PbmWords.DefaultNode}); without a command there is a prompt; `pbm help` lists what the node can do.")
    {
        _context = context;
        var words = new Argument<string[]>("words") { HelpName = "[HOST:PORT] PALETTE COMMAND switches", Description = "For example: cluster show, or 127.0.0.1:9110 run status --json.", Arity = ArgumentArity.ZeroOrMore };
        var json = CommonOptions.Json();
        var token = CommonTokens.Option();
        Add(words);
        Add(json);
        Add(token);
        SetAction((call, stop) => RunAsync(call.GetValue(words) ?? [], call.GetValue(json), CommonTokens.Read(call, token, _context), stop));
    }

    private async Task<int> RunAsync(string[] given, bool json, string? token, CancellationToken stop)
    {
        var (node, words) = PbmWords.SplitAddress(given);
        using var client = new PbmClient(node, token);
        if (words.Count > 0)
        {
            try
            {
                return await RunAsync(client, words, json, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Ctrl-C is how a command that streams ends.
                return ExitCode.Success;
            }
        }

        var palettes = await client.PalettesAsync(stop);
        return _context.Terminal is { } terminal
            ? await PromptAsync(client, terminal, palettes, json, stop)
            : await ReadAsync(client, json, stop);
    }

    private async Task<int> PromptAsync(PbmClient client, ITerminal terminal, IReadOnlyList<Palette> palettes, bool json, CancellationToken stop)
    {
        _context.Output.WriteLine($"connected to {client.Name}; `help` lists the palettes, Tab completes, `exit` leaves");
        var shell = new PbmShell(terminal, $"[{client.Name}] pbm> ", new PbmCompletion(palettes).Of);
        await shell.RunAsync((line, cancel) => SayAsync(client, line, json, cancel), stop);
        return ExitCode.Success;
    }

    /// <summary>Lines from a file or pipe, until the first that fails.</summary>
    private async Task<int> ReadAsync(PbmClient client, bool json, CancellationToken stop)
    {
        while (await _context.Input.ReadLineAsync(stop) is { } line)
        {
            if (PbmWords.Split(line) is { Count: > 0 } words && await RunAsync(client, words, json, stop) is var exit and not ExitCode.Success)
            {
                return exit;
            }
        }

        return ExitCode.Success;
    }

    private async Task SayAsync(PbmClient client, string line, bool json, CancellationToken cancel)
    {
        try
        {
            await RunAsync(client, PbmWords.Split(line), json, cancel);
        }
        catch (CommandException wrong)
        {
            HostApplication.Report(_context, wrong);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: back to the prompt.
        }
    }

    private async Task<int> RunAsync(PbmClient client, IReadOnlyList<string> words, bool json, CancellationToken cancellation)
    {
        if (words[0] == PbmHelp.Word)
        {
            foreach (var line in PbmHelp.Of(await client.PalettesAsync(cancellation), [.. words.Skip(1)]))
            {
                _context.Output.WriteLine(line);
            }

            return ExitCode.Success;
        }

        var request = new PbmRequest(words[0], words.ElementAtOrDefault(1) ?? "", [.. words.Skip(2), .. json ? [CommandParser.Json] : Array.Empty<string>()]);
        var exit = ExitCode.Failure;
        await foreach (var line in client.RunAsync(request, cancellation))
        {
            if (line.Error is { } error)
            {
                throw new CommandException(error, line.Why, line.Remedy, line.Exit ?? ExitCode.Failure);
            }

            if ((line.Line ?? line.Data?.GetRawText()) is { } text)
            {
                _context.Output.WriteLine(text);
                _context.Output.Flush();
            }

            exit = line.Exit ?? exit;
        }

        return exit;
    }
}
