using System.Text.Json;
using System.Text.Json.Nodes;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Ledger;
using Intellect3.Actors.Tests.Coordination;

namespace Intellect3.Actors.Tests.Ledger;

/// <summary>A run directory made for a test, gone with it.</summary>
internal sealed class RunFiles : IDisposable
{
    public const string Hash = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ledger-");

    public string Path => _directory.FullName;

    /// <summary>The files that a simulated run would have written.</summary>
    public static RunFiles Of(IReadOnlyList<RunEvent> journal)
    {
        var files = new RunFiles();
        files.Ledger([.. journal.Select(e => JsonNode.Parse(new LedgerLine(1, e).Write())!.AsObject())]);

        var (lineage, batches, trained) = (0, new Dictionary<int, IReadOnlyList<AttemptKey>>(), new List<string>());
        foreach (var @event in journal)
        {
            switch (@event)
            {
                case ReinforcementStarted:
                    lineage++;
                    break;
                case RolledBack back:
                    lineage = back.Lineage;
                    break;
                case BatchCut cut:
                    batches[cut.Step] = cut.Members;
                    break;
                case StepCommitted committed:
                    trained.Add(Trained(committed.Step, lineage, [.. batches[committed.Step].Reverse().Select(m => (m.Prompt, m.Attempt))]));
                    break;
            }
        }

        files.TrainedLines([.. trained]);
        return files;
    }

    public static string Trained(int step, int lineage, params (long Prompt, int Attempt)[] groups) => JsonSerializer.Serialize(
        new { step, lineage, groups = groups.Select(g => new { prompt = g.Prompt, attempt = g.Attempt, tokens = Hash }) });

    /// <summary>Writes these events, numbered anew.</summary>
    public RunFiles Ledger(params JsonObject[] events) => Write("ledger.jsonl", events.Select((e, i) => { e["seq"] = i + 1; return e.ToJsonString() + "\n"; }));

    /// <summary>Writes these events, numbered.</summary>
    public RunFiles Ledger(params string[] events) => Ledger([.. events.Select(e => JsonNode.Parse(e)!.AsObject())]);

    public RunFiles TrainedLines(params string[] lines) => Write("trained.jsonl", lines.Select(line => line + "\n"));

    public RunFiles Write(string name, IEnumerable<string> pieces)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(pieces));
        return this;
    }

    public RunFiles Folder(string name)
    {
        _directory.CreateSubdirectory(name);
        return this;
    }

    public LedgerReport Check() => LedgerChecker.Check(Path);

    public void Dispose() => _directory.Delete(recursive: true);
}
