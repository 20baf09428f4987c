using System.Text.Json;
using static Intellect3.Actors.Ledger.IllegalLineException;

namespace Intellect3.Actors.Ledger;

/// <summary>
/// Proves the accounting of a run from its files alone (docs/ledger.md): the ledger is replayed by code that shares nothing with the coordinator's, and compared with what the trainer says
/// it trained, with the checkpoints that exist, and with the summary.
/// </summary>
public static class LedgerChecker
{
    internal const string LedgerFile = "ledger.jsonl";
    private const string TrainedFile = "trained.jsonl";
    private const string SummaryFile = "summary.json";
    private const string CheckpointsFolder = "checkpoints";

    /// <summary>Checks a run directory. Reads only; a run may be writing to it.</summary>
    /// <exception cref="LedgerNotFoundException">The directory holds no ledger.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static LedgerReport Check(string runDirectory)
    {
        var ledger = Path.Combine(runDirectory, LedgerFile);
        if (!File.Exists(ledger))
        {
            throw new LedgerNotFoundException(runDirectory);
        }

        var problems = new List<LedgerProblem>();
        var (replay, events) = Replay(ledger, problems.Add);
        CheckTrained(Path.Combine(runDirectory, TrainedFile), replay, problems.Add);
        CheckCheckpoints(Path.Combine(runDirectory, CheckpointsFolder), replay, problems.Add);

        var endStates = Enumerable.Range((int)Standing.Trained, Standing.Unfinished - Standing.Trained + 1)
            .Select(state => KeyValuePair.Create(((Standing)state).ToString().ToLowerInvariant(), replay.Prompts.Count(p => p.Standing == (Standing)state)))
            .ToList();
        if (replay.HasEnded)
        {
            CheckSummary(Path.Combine(runDirectory, SummaryFile), endStates, problems.Add);
        }

        return new LedgerReport
        {
            Problems = problems,
            HasEnded = replay.HasEnded,
            Events = events,
            Steps = replay.Committed.Count,
            Lineage = replay.Lineage,
            Prompts = replay.Prompts.Count,
            EndStates = endStates,
        };
    }

    private static (LedgerReplay Replay, int Events) Replay(string path, Action<LedgerProblem> report)
    {
        var replay = new LedgerReplay();
        var (events, sequence) = (0, 0L);
        JsonLines.Read(
            path,
            (number, line) =>
            {
                events++;
                var expected = sequence + 1;
                sequence = line.Long("seq");
                if (sequence != expected)
                {
                    report(new LedgerProblem(LedgerFile, number, $"`seq` is {sequence}, but {expected} comes next"));
                }

                replay.Apply(line);
            },
            report);
        if (events == 0)
        {
            report(new LedgerProblem(LedgerFile, 0, "it holds no event"));
        }

        return (replay, events);
    }

    /// <summary>The last line of a step counts. While the run goes on, the newest step may be on one side only: the two files are not written at one instant.</summary>
    private static void CheckTrained(string path, LedgerReplay replay, Action<LedgerProblem> report)
    {
        var trained = new SortedDictionary<int, (int Lineage, List<Attempt> Members)>();
        if (File.Exists(path))
        {
            var seen = new HashSet<(int Step, int Lineage)>();
            JsonLines.Read(
                path,
                (_, line) =>
                {
                    var (step, lineage) = (line.Int("step"), line.Int("lineage"));
                    trained[step] = (lineage, Groups(line));
                    Unless(seen.Add((step, lineage)), $"step {step} was trained twice in lineage {lineage}");
                },
                report);
        }

        var newest = replay.Committed.Count == 0 ? 0 : replay.Committed.Keys.Max();
        foreach (var (step, committed) in replay.Committed)
        {
            if (!trained.TryGetValue(step, out var record))
            {
                if (replay.HasEnded || step < newest)
                {
                    report(new LedgerProblem(TrainedFile, 0, $"step {step} was committed, but the trainer has no record of it"));
                }
            }
            else if (record.Lineage != committed.Lineage)
            {
                report(new LedgerProblem(TrainedFile, 0, $"step {step} was committed in lineage {committed.Lineage}, but the trainer's record is of lineage {record.Lineage}"));
            }
            else if (!record.Members.ToHashSet().SetEquals(committed.Members))
            {
                var odd = record.Members.ToHashSet();
                odd.SymmetricExceptWith(committed.Members);
                report(new LedgerProblem(TrainedFile, 0, $"step {step}: the ledger and the trainer differ in {string.Join(", ", odd)}"));
            }
        }

        foreach (var (step, (lineage, _)) in trained.Where(t => !replay.Committed.ContainsKey(t.Key)))
        {
            // A step of a lineage that was rolled back, or one that the ledger has not come to yet.
            if (lineage >= replay.Lineage && (replay.HasEnded || step <= newest))
            {
                report(new LedgerProblem(TrainedFile, 0, $"the trainer trained step {step} of lineage {lineage}, but it was never committed"));
            }
        }
    }

    private static List<Attempt> Groups(JsonElement line)
    {
        foreach (var group in line.List("groups"))
        {
            var hash = group.Text("tokens");
            Unless(hash.Length == 32 && hash.All(char.IsAsciiHexDigit), $"`{hash}` is not a hash of 32 hexadecimal digits");
        }

        return line.Attempts("groups");
    }

    private static void CheckCheckpoints(string folder, LedgerReplay replay, Action<LedgerProblem> report)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var name in Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            // One that was renamed into place when the run was stopped is not announced yet.
            var mayBeNews = !replay.HasEnded;
            if (WeightsAt.OfFolder(name) is { } weights && !replay.Checkpoints.Contains(weights) && !(mayBeNews && weights.CompareTo(replay.Now) >= 0))
            {
                report(new LedgerProblem($"{CheckpointsFolder}/{name}", 0, "the checkpoint exists, but the ledger never announced it"));
            }
        }
    }

    private static void CheckSummary(string path, IReadOnlyList<KeyValuePair<string, int>> endStates, Action<LedgerProblem> report)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var summary = JsonDocument.Parse(File.ReadAllBytes(path));
            var prompts = summary.RootElement.Member("prompts");
            foreach (var (state, count) in endStates)
            {
                Unless(prompts.Int(state) == count, $"it says that {prompts.Int(state)} prompts are {state}, the ledger {count}");
            }
        }
        catch (Exception e) when (e is IllegalLineException or JsonException)
        {
            report(new LedgerProblem(SummaryFile, 0, e is JsonException ? "it is not JSON" : e.Message));
        }
    }
}
