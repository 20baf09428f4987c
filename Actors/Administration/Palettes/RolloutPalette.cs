using System.Runtime.CompilerServices;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Diagnosis;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>rollout</c>: the groups in flight and what becomes of them.</summary>
public sealed class RolloutPalette : PaletteHandler
{
    private const int TailBegins = 5;
    private const int NewsSearched = 150;

    private static readonly TimeSpan TailInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TextTable<(GroupActivity Group, DiagnosisRow Row)> InFlight = new(
        g => new { Group = g.Row.Subject, g.Group.Environment, Purpose = g.Group.Id.Purpose.ToString().ToLowerInvariant(), g.Row.Stage, g.Row.WaitsOn, AgeSeconds = Ages.Seconds(g.Group.Age), g.Row.Node },
        ("GROUP", g => g.Row.Subject),
        ("ENVIRONMENT", g => g.Group.Environment),
        ("STAGE", g => g.Row.Stage),
        ("WAITS ON", g => g.Row.WaitsOn),
        ("AGE", g => Ages.Text(g.Group.Age)),
        ("NODE", g => g.Row.Node));

    private static readonly TextTable<DiagnosisRow> Rollouts = new(
        r => new { r.Subject, r.Stage, r.WaitsOn, AgeSeconds = Ages.Seconds(r.Age), r.Node },
        ("ROLLOUT", r => r.Subject),
        ("STAGE", r => r.Stage),
        ("WAITS ON", r => r.WaitsOn),
        ("AGE", r => Ages.Text(r.Age)),
        ("NODE", r => r.Node));

    private readonly ActiveRun _run;

    public RolloutPalette(ActiveRun run)
        : base("rollout", "Groups of rollouts in flight")
    {
        _run = run;
        Process(new CommandDefinition("list", "Groups in flight, the longest first."), ListAsync);
        Process(new CommandDefinition("show", "The rollouts of one group, or what became of it.", new ArgumentDefinition("group", "its name, as `rollout list` prints it") { IsMandatory = true }), ShowAsync);
        Process(new CommandDefinition("tail", "Groups as they end: outcome, reward, tokens.") { Streams = true }, TailAsync);
    }

    private static CommandResponse Line(GroupNews news) => new(
        $"{news.Time:HH:mm:ss} {news.Id} {news.Environment} {news.Outcome}{(news.Reward is { } reward ? $", reward {reward:0.000}, {news.Tokens} tokens" : "")}, {Ages.Text(news.Age)}, {news.Id.Shard}",
        new { news.Time, Group = news.Id.ToString(), news.Environment, Purpose = news.Id.Purpose.ToString().ToLowerInvariant(), news.Outcome, news.Reward, news.Tokens, AgeSeconds = Ages.Seconds(news.Age), Node = news.Id.Shard });

    private async Task<IEnumerable<CommandResponse>> ListAsync(CommandCall call, CancellationToken cancellation)
    {
        if (await _run.AskIfAnyAsync<RunActivity>(new GetRunActivity(), cancellation) is not { } activity)
        {
            return InFlight.Of([]);
        }

        var rows = (await _run.DiagnoseAsync(activity, Limit, cancellation)).Rows.ToDictionary(r => r.Subject, StringComparer.Ordinal);
        return InFlight.Of([.. activity.Groups.Where(g => rows.ContainsKey(g.Id.ToString())).Select(g => (g, rows[g.Id.ToString()]))]);
    }

    private async Task<IEnumerable<CommandResponse>> ShowAsync(CommandCall call, CancellationToken cancellation)
    {
        var name = call.Text("group")!;
        var activity = await _run.AskAsync<RunActivity>(new GetRunActivity(), null, cancellation);
        var groups = activity.Groups.Where(g => g.Id.ToString() == name).ToList();
        if (groups.Count > 0)
        {
            return Rollouts.Of((await _run.DiagnoseAsync(activity with { Groups = groups }, Limit, cancellation)).Rows.Where(r => r.Subject.StartsWith(name, StringComparison.Ordinal)).ToList());
        }

        var news = await _run.AskAsync<GroupNewsList>(new GetGroupNews(0, NewsSearched), null, cancellation);
        return news.News.Where(n => n.Id.ToString() == name).Select(Line).ToList() is { Count: > 0 } past
            ? past
            : throw new CommandFailedException($"the group {name} is not in flight", "It is not among the last that ended either.", "`rollout list` lists those in flight; `run ledger` has the accounting of all.");
    }

    private async IAsyncEnumerable<CommandResponse> TailAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = -1L;
        using var timer = new PeriodicTimer(TailInterval);
        do
        {
            var news = await _run.AskIfAnyAsync<GroupNewsList>(new GetGroupNews(Math.Max(0, last), last < 0 ? TailBegins : int.MaxValue), cancellation) ?? new GroupNewsList([], 0);

            // A new run, or a coordinator that took over, counts from 1 again.
            last = news.Last < last ? 0 : news.Last;
            foreach (var line in news.News)
            {
                yield return Line(line);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }
}
