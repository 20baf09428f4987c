using System.Text.Json;
using static Intellect3.Actors.Ledger.IllegalLineException;

namespace Intellect3.Actors.Ledger;

/// <summary>
/// Replays a ledger by docs/ledger.md alone. Every event is checked whole before it changes anything, so that an illegal one can be reported and skipped. A prompt reaches
/// <see cref="Standing.Trained"/> only through an attempt and a batch, and leaves it only by a rollback to before its step: so none is trained twice in one lineage of weights.
/// </summary>
internal sealed class LedgerReplay
{
    private readonly List<LedgerPrompt> _prompts = [];
    private readonly HashSet<Source> _sources = [];
    private readonly HashSet<string> _quarantined = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<Attempt>> _batches = [];
    private bool _hasStarted;
    private HashSet<(string Environment, string Version, string Hash)>? _curriculum;
    private int _groupsPerBatch;
    private int _targetLag;
    private int _epoch;
    private int _warmupSteps;

    public IReadOnlyList<LedgerPrompt> Prompts => _prompts;

    /// <summary>Committed steps in the lineage of the newest weights: what each trained, and under which lineage it was committed.</summary>
    public SortedDictionary<int, (int Lineage, IReadOnlyList<Attempt> Members)> Committed { get; } = [];

    public HashSet<WeightsAt> Checkpoints { get; } = [];

    /// <summary>The newest weights.</summary>
    public WeightsAt Now { get; private set; } = new(IsReinforcement: false, 0);

    public int Lineage { get; private set; }

    public bool HasEnded { get; private set; }

    private int Step => Now.IsReinforcement ? Now.Step : 0;

    /// <exception cref="IllegalLineException">The event is malformed or cannot follow the ones before; nothing was changed.</exception>
    public void Apply(JsonElement line)
    {
        var @event = line.Text("event");
        Unless(_hasStarted != (@event == "run_started"), "a ledger begins with `run_started`, and has it once");
        Unless(!HasEnded || @event is "rolled_back" or "coordinator_started", $"`{@event}` after the run had ended");
        switch (@event)
        {
            case "run_started":
                Start(line.Int("groups_per_batch"), line.Int("target_lag"));
                break;
            case "coordinator_started":
                Unless(line.Int("epoch") > _epoch, $"epoch {line.Int("epoch")} is not above {_epoch}");
                _epoch = line.Int("epoch");
                break;
            case "warmup_committed":
                Advance(new WeightsAt(IsReinforcement: false, line.Int("step")));
                break;
            case "reinforcement_started":
                StartReinforcement(line.Int("warmup_steps"));
                break;
            case "prompts_drawn":
                Draw(line.Long("first"), line.List("sources").ConvertAll(s => new Source(s.Text("environment"), s.Text("version"), s.Text("hash"), s.Long("task_index"))));
                break;
            case "attempts_opened":
                Open(line.Int("lineage"), line.Int("version"), line.Attempts("attempts"));
                break;
            case "group_accepted":
                Accept(new Attempt(line.Long("prompt"), line.Int("attempt")), line.Int("oldest_version"));
                break;
            case "attempt_ended":
                EndAttempt(new Attempt(line.Long("prompt"), line.Int("attempt")), line.Text("outcome"));
                break;
            case "prompt_ended":
                EndPrompt(line.Long("prompt"), line.Text("state"));
                break;
            case "batch_cut":
                Cut(line.Int("step"), line.Attempts("members"));
                break;
            case "payloads_struck":
                Strike(line.Int("step"), line.Attempts("members"));
                break;
            case "step_committed":
                Commit(line.Int("step"));
                break;
            case "checkpoint_written":
                Announce(WeightsAt.Read(line));
                break;
            case "rolled_back":
                RollBack(WeightsAt.Read(line), line.Int("lineage"));
                break;
            case "environment_quarantined":
                _quarantined.Add(line.Text("environment"));
                break;
            case "curriculum_changed":
                ChangeCurriculum(line.List("entries").ConvertAll(e => (e.Text("environment"), e.Text("version"), e.Text("hash"))));
                break;
            case "evaluation_recorded":
                break;
            case "run_ended":
                EndRun();
                break;
            default:
                throw new IllegalLineException($"there is no event `{@event}`");
        }
    }

    private void Start(int groupsPerBatch, int targetLag)
    {
        Unless(groupsPerBatch >= 1 && targetLag >= 0, $"a run has at least 1 group a batch and a lag of at least 0, not {groupsPerBatch} and {targetLag}");
        (_hasStarted, _groupsPerBatch, _targetLag) = (true, groupsPerBatch, targetLag);
    }

    private void Advance(WeightsAt to)
    {
        Unless(to == Now with { Step = Now.Step + 1 }, $"{to} cannot follow {Now}");
        Now = to;
    }

    private void StartReinforcement(int warmupSteps)
    {
        Unless(!Now.IsReinforcement && warmupSteps == Now.Step, $"reinforcement learning cannot start after {warmupSteps} warm-up steps at {Now}");
        Now = new WeightsAt(IsReinforcement: true, 0);
        _warmupSteps = warmupSteps;
        Lineage++;
    }

    private void Draw(long first, List<Source> sources)
    {
        Unless(first == _prompts.Count, $"the first prompt drawn is {first}, but the next is {_prompts.Count}");
        foreach (var source in sources)
        {
            Unless(!_quarantined.Contains(source.Environment), $"a prompt was drawn from `{source.Environment}`, which is quarantined");
            Unless(_curriculum?.Contains((source.Environment, source.Version, source.Hash)) != false, $"a prompt was drawn from `{source.Environment}` {source.Version}, which the curriculum does not have");
            Unless(!_sources.Contains(source), $"task {source.TaskIndex} of `{source.Environment}` {source.Version} was drawn before");
        }

        Unless(sources.Distinct().Count() == sources.Count, "a task was drawn twice at once");
        _sources.UnionWith(sources);
        _prompts.AddRange(sources.Select(_ => new LedgerPrompt()));
    }

    /// <summary>A package that was not in the curriculum before begins anew, even when a version before it was quarantined.</summary>
    private void ChangeCurriculum(List<(string Environment, string Version, string Hash)> entries)
    {
        Unless(entries.Count > 0 && entries.DistinctBy(e => e.Environment).Count() == entries.Count, "a curriculum has each environment once, and at least one");
        foreach (var entry in entries.Where(e => _curriculum?.Contains(e) != true && e.Hash != "built-in"))
        {
            _quarantined.Remove(entry.Environment);
        }

        _curriculum = [.. entries];
    }

    private void Open(int lineage, int version, List<Attempt> attempts)
    {
        Unless(Now.IsReinforcement && lineage == Lineage && version >= 0 && version <= Step, $"attempts cannot open at lineage {lineage} version {version}: {Now} of lineage {Lineage} is the newest");
        foreach (var (prompt, number) in attempts)
        {
            var record = At(prompt);
            Unless(record.Standing == Standing.Open && !record.MustBeRejected, $"prompt {prompt} is not open");
            Unless(number == record.Attempt + 1, $"attempt {number} of prompt {prompt} cannot follow attempt {record.Attempt}");
        }

        foreach (var (prompt, number) in attempts)
        {
            (At(prompt).Standing, At(prompt).Attempt) = (Standing.InFlight, number);
        }
    }

    private void Accept(Attempt attempt, int oldestVersion)
    {
        var record = UnderWay(attempt, Standing.InFlight);
        Unless(oldestVersion >= 0 && oldestVersion <= Step, $"{attempt} has a token of version {oldestVersion}, and {Now} is the newest");
        record.Standing = Standing.Waiting;
    }

    private void EndAttempt(Attempt attempt, string outcome)
    {
        Unless(outcome is "delivered" or "stale" or "cancelled" or "lost" or "failed", $"an attempt cannot end as `{outcome}`");
        var record = UnderWay(attempt, Standing.InFlight, Standing.Waiting);
        (record.Standing, record.MustBeRejected) = (Standing.Open, outcome == "delivered");
    }

    private void EndPrompt(long prompt, string state)
    {
        var standing = state switch
        {
            "rejected" => Standing.Rejected,
            "failed" => Standing.Failed,
            "quarantined" => Standing.Quarantined,
            "withdrawn" => Standing.Withdrawn,
            _ => throw new IllegalLineException($"a prompt cannot end by itself as `{state}`"),
        };
        var record = At(prompt);
        Unless(record.Standing == Standing.Open, $"prompt {prompt} cannot end as {state}: it is {record.Standing}");
        Unless(!record.MustBeRejected || standing == Standing.Rejected, $"prompt {prompt} was delivered, so it cannot end as {state} but only as rejected");
        End(record, standing);
    }

    private void Cut(int step, List<Attempt> members)
    {
        var next = Enumerable.Range(Step + 1, int.MaxValue - Step).First(s => !_batches.ContainsKey(s));
        Unless(step == next, $"the next batch is that of step {next}, not {step}");
        Unless(Now.IsReinforcement && step - 1 - _targetLag <= Step, $"the batch of step {step} is more than the lag of {_targetLag} ahead of {Now}");
        Unless(members.Count >= 1 && members.Count <= _groupsPerBatch, $"a batch has 1 to {_groupsPerBatch} members, not {members.Count}");
        foreach (var record in members.ConvertAll(member => UnderWay(member, Standing.Waiting)))
        {
            record.Standing = Standing.Batched;
        }

        _batches[step] = members;
    }

    private void Strike(int step, List<Attempt> struck)
    {
        Unless(_batches.TryGetValue(step, out var members), $"step {step} has no batch");
        Unless(struck.TrueForAll(members!.Contains), $"not all that was struck is in the batch of step {step}");
        foreach (var member in members!)
        {
            At(member.Prompt).Standing = struck.Contains(member) ? Standing.Open : Standing.Waiting;
        }

        _batches.Remove(step);
    }

    private void Commit(int step)
    {
        Unless(Now.IsReinforcement && _batches.ContainsKey(step), $"step {step} has no batch to commit");
        var members = _batches[step];
        var endedAt = Step;
        Advance(Now with { Step = step });
        foreach (var (prompt, _) in members)
        {
            (At(prompt).Standing, At(prompt).EndedAt) = (Standing.Trained, endedAt);
        }

        Committed[step] = (Lineage, members);
        _batches.Remove(step);
    }

    private void Announce(WeightsAt checkpoint)
    {
        Unless(checkpoint.IsReinforcement == Now.IsReinforcement && checkpoint.Step >= 0 && checkpoint.Step <= Now.Step, $"a checkpoint of {checkpoint} cannot exist at {Now}");
        Checkpoints.Add(checkpoint);
    }

    private void RollBack(WeightsAt to, int lineage)
    {
        var newest = to.IsReinforcement ? (Now.IsReinforcement ? Now.Step : -1) : (Now.IsReinforcement ? _warmupSteps : Now.Step);
        Unless(lineage == Lineage + 1, $"lineage {lineage} cannot follow {Lineage}");
        Unless(to.Step >= 0 && to.Step <= newest, $"{Now} cannot go back to {to}");

        foreach (var record in _prompts)
        {
            var keeps = record.Standing is Standing.Quarantined or Standing.Withdrawn || record.HasEnded && to.IsReinforcement && record.EndedAt < to.Step;
            if (!keeps)
            {
                (record.Standing, record.MustBeRejected) = (Standing.Open, false);
            }
        }

        foreach (var step in Committed.Keys.Where(step => !to.IsReinforcement || step > to.Step).ToList())
        {
            Committed.Remove(step);
        }

        _batches.Clear();
        (Now, Lineage, HasEnded) = (to, lineage, false);
    }

    private void EndRun()
    {
        Unless(!_prompts.Exists(p => p.MustBeRejected && !p.HasEnded), "a prompt was delivered, but neither accepted nor rejected");
        foreach (var record in _prompts.Where(p => !p.HasEnded))
        {
            End(record, Standing.Unfinished);
        }

        _batches.Clear();
        HasEnded = true;
    }

    private void End(LedgerPrompt record, Standing standing) => (record.Standing, record.EndedAt) = (standing, Step);

    private LedgerPrompt At(long prompt) =>
        prompt >= 0 && prompt < _prompts.Count ? _prompts[(int)prompt] : throw new IllegalLineException($"prompt {prompt} was never drawn");

    private LedgerPrompt UnderWay(Attempt attempt, params ReadOnlySpan<Standing> standings)
    {
        var record = At(attempt.Prompt);
        Unless(record.Attempt == attempt.Number && standings.Contains(record.Standing), $"{attempt} is not {string.Join(" or ", standings.ToArray())}: attempt {record.Attempt} is {record.Standing}");
        return record;
    }

    private sealed record Source(string Environment, string Version, string Hash, long TaskIndex);
}
