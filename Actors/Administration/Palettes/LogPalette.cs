using System.Runtime.CompilerServices;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>log</c>: what the nodes logged, in one stream.</summary>
public sealed class LogPalette : PaletteHandler
{
    private const int DefaultPeek = 50;
    private const int TailBegins = 10;

    private static readonly TimeSpan TailInterval = TimeSpan.FromMilliseconds(500);

    private static readonly ArgumentDefinition Node = new("node", "only this node's, as `cluster show` names it") { Switches = ["-a", "--address"] };

    private static readonly ArgumentDefinition Level = new("level", "the least level: debug, info, warning or error; info unless given") { Switches = ["-l", "--level"], Suggestions = ["debug", "info", "warning", "error"] };

    private readonly ClusterNodes _nodes;

    public LogPalette(ClusterNodes nodes)
        : base("log", "What the nodes log")
    {
        _nodes = nodes;
        Process(
            new CommandDefinition("peek", "The last log entries of the nodes' memory.", Node, Level, new ArgumentDefinition("count", $"how many; {DefaultPeek} unless given") { Switches = ["-n", "--count"], Kind = ArgumentKind.Count }),
            PeekAsync);
        Process(new CommandDefinition("tail", "Log entries as they are written.", Node, Level) { Streams = true }, TailAsync);
    }

    private static LogEntryLevel LevelOf(CommandCall call) => call.Text("level") is not { } text ? LogEntryLevel.Info
        : Enum.TryParse<LogEntryLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level
        : throw new CommandFailedException($"{text} is no level", "Levels: debug, info, warning, error.", "Give one of them.");

    private static CommandResponse Line(string node, LogEntry entry) => new(
        $"{entry.Time:HH:mm:ss.fff} [{entry.Level.ToString().ToLowerInvariant()}] [{node}] [{entry.Actor}]{(entry.Run is { } run ? $" [{run}]" : "")} {entry.Message}",
        new { entry.Time, Level = entry.Level.ToString().ToLowerInvariant(), Node = node, entry.Actor, entry.Run, entry.Message });

    private async Task<IEnumerable<CommandResponse>> PeekAsync(CommandCall call, CancellationToken cancellation)
    {
        var count = call.Count("count", DefaultPeek);
        var answers = await AskAsync(call, _ => new GetLogEntries(0, count, LevelOf(call)), cancellation);
        return Merge(answers).TakeLast(count).Concat(answers.Where(a => a.Problem is not null).Select(Silent));
    }

    private async IAsyncEnumerable<CommandResponse> TailAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var level = LevelOf(call);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var silent = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(TailInterval);
        do
        {
            var answers = await AskAsync(call, node => seen.TryGetValue(node, out var last) ? new GetLogEntries(last, int.MaxValue, level) : new GetLogEntries(0, TailBegins, level), cancellation);
            foreach (var answer in answers)
            {
                var node = answer.Node.Address.ToString();
                if (answer.Answer is { } entries)
                {
                    seen[node] = entries.Last;
                    silent.Remove(node);
                }
                else if (silent.Add(node))
                {
                    yield return Silent(answer);
                }
            }

            foreach (var line in Merge(answers))
            {
                yield return line;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task<IReadOnlyList<NodeAnswer<LogEntries>>> AskAsync(CommandCall call, Func<string, GetLogEntries> question, CancellationToken cancellation)
    {
        var members = call.Text("node") is { } address ? [_nodes.Find(address)] : _nodes.Members;
        return await Task.WhenAll(members.Select(m => _nodes.AskAsync<LogEntries>(m, question(m.Address.ToString()), cancellation)));
    }

    private static IEnumerable<CommandResponse> Merge(IEnumerable<NodeAnswer<LogEntries>> answers) => answers
        .SelectMany(a => (a.Answer?.Entries ?? []).Select(e => (Node: a.Node.Address.ToString(), Entry: e)))
        .OrderBy(e => e.Entry.Time)
        .Select(e => Line(e.Node, e.Entry));

    private static CommandResponse Silent(NodeAnswer<LogEntries> answer) => new($"[{answer.Node.Address}] {answer.Problem}", new { Node = answer.Node.Address.ToString(), answer.Problem });
}
