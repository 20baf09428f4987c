using Intellect3.Environments.Episodes;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// The accounting of a run, event-sourced: a function of the events applied, in order. It has no clock, no I/O and no actor; what happens next is
/// decided by <see cref="RunDecisions"/>.
/// </summary>
public sealed class RunState
{
    private readonly Dictionary<long, PromptRecord> _prompts = [];
    private readonly SortedSet<long> _open = [];
    private readonly SortedSet<long> _inFlight = [];
    private readonly List<long> _waiting = [];
    private readonly SortedDictionary<int, IReadOnlyList<AttemptKey>> _batches = [];
    private readonly Dictionary<int, int> _droppedPlacesOfBatch = [];
    private readonly Dictionary<string, long> _drawn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EvaluationRecorded> _evaluations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnvironmentHealth> _health = new(StringComparer.Ordinal);

    /// <summary>The first event of the run; null before it.</summary>
    public RunStarted? Start { get; private set; }

    public int Epoch { get; private set; }

    public RunPhase Phase { get; private set; }

    /// <summary>Supervised steps committed.</summary>
    public int WarmupStep { get; private set; }

    /// <summary>Reinforcement-learning steps committed, which is the number of the newest version.</summary>
    public int Step { get; private set; }

    public int Lineage { get; private set; }

    public bool HasEnded { get; private set; }

    public PolicyVersion Version => new(Lineage, Phase == RunPhase.Warmup ? WarmupStep : Step);

    /// <summary>The index of the next prompt to be drawn.</summary>
    public long NextDraw { get; private set; }

    /// <summary>Rejected groups that took a place in the batch being assembled (only where zero-advantage groups are dropped).</summary>
    public int DroppedPlaces { get; private set; }

    /// <summary>Groups in a row that had no advantage.</summary>
    public int WithoutAdvantage { get; private set; }

    public IReadOnlyDictionary<long, PromptRecord> Prompts => _prompts;

    /// <summary>Drawn and not in flight, by draw index.</summary>
    public IReadOnlyCollection<long> Open => _open;

    public IReadOnlyCollection<long> InFlight => _inFlight;

    /// <summary>Delivered and accepted, by arrival.</summary>
    public IReadOnlyList<long> Waiting => _waiting;

    /// <summary>Batches cut and not committed, by step.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<AttemptKey>> Batches => _batches;

    /// <summary>Prompts drawn of each environment, which is its next task index.</summary>
    public IReadOnlyDictionary<string, long> Drawn => _drawn;

    /// <summary>Where new prompts come from since somebody changed it; null while it is what the settings say.</summary>
    public IReadOnlyList<CurriculumEntry>? Curriculum { get; private set; }

    /// <summary>The step whose batch is cut next: the lowest one above the committed steps that has none.</summary>
    public int NextStep
    {
        get
        {
            var step = Step + 1;
            while (_batches.ContainsKey(step))
            {
                step++;
            }

            return step;
        }
    }

    /// <summary>The last evaluation of each label.</summary>
    public IReadOnlyDictionary<string, EvaluationRecorded> Evaluations => _evaluations;

    public EnvironmentHealth HealthOf(string environment) => _health.GetValueOrDefault(environment, EnvironmentHealth.Unknown);

    /// <summary>How many prompts stand in each state.</summary>
    public IReadOnlyDictionary<PromptState, int> Count() => _prompts.Values.GroupBy(p => p.State).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Applies the next event.</summary>
    /// <exception cref="RunStateException">It cannot follow this state; nothing was changed.</exception>
    public void Apply(RunEvent @event)
    {
        Require(!HasEnded || @event is RolledBack or CoordinatorStarted, "the run has ended");
        Require(Start is null == @event is RunStarted, "a run starts once, with its first event");
        switch (@event)
        {
            case RunStarted started:
                Start = started;
                break;
            case CoordinatorStarted started:
                Require(started.Epoch > Epoch, $"epoch {started.Epoch} is not above {Epoch}");
                Epoch = started.Epoch;
                break;
            case WarmupCommitted committed:
                Require(Phase == RunPhase.Warmup && committed.Step == WarmupStep + 1, $"warm-up step {committed.Step} cannot follow {WarmupStep}");
                WarmupStep = committed.Step;
                break;
            case ReinforcementStarted:
                Require(Phase == RunPhase.Warmup, "reinforcement learning has started already");
                Phase = RunPhase.Reinforcement;
                Lineage++;
                break;
            case PromptsDrawn drawn:
                Draw(drawn);
                break;
            case AttemptsOpened opened:
                OpenAttempts(opened);
                break;
            case GroupAccepted accepted:
                Move(accepted.Prompt, accepted.Attempt, PromptState.InFlight, p => p with { State = PromptState.Waiting, OldestVersion = accepted.OldestVersion });
                Observe(accepted.Prompt, failed: false);
                WithoutAdvantage = 0;
                break;
            case AttemptEnded ended:
                EndAttempt(ended);
                break;
            case PromptEnded ended:
                EndPrompt(ended);
                break;
            case BatchCut cut:
                Cut(cut);
                break;
            case PayloadsStruck struck:
                Strike(struck);
                break;
            case StepCommitted committed:
                Commit(committed);
                break;
            case CheckpointWritten written:
                Require(written.Step <= Version.Number && written.Phase == Phase, $"a checkpoint of step {written.Step} cannot exist at {Version}");
                break;
            case RolledBack back:
                RollBack(back);
                break;
            case EnvironmentQuarantined quarantined:
                _health[quarantined.Environment] = HealthOf(quarantined.Environment) with { IsQuarantined = true };
                break;
            case CurriculumChanged changed:
                ChangeCurriculum(changed);
                break;
            case EvaluationRecorded recorded:
                _evaluations[recorded.Label] = recorded;
                break;
            case RunEnded:
                foreach (var prompt in _prompts.Where(p => !p.Value.HasEnded).Select(p => p.Key).ToList())
                {
                    End(prompt, PromptState.Unfinished);
                }

                _batches.Clear();
                HasEnded = true;
                break;
            default:
                throw new RunStateException($"unknown event {@event.GetType().Name}");
        }
    }

    private static void Require(bool condition, string why)
    {
        if (!condition)
        {
            throw new RunStateException(why);
        }
    }

    private PromptRecord Get(long prompt) => _prompts.TryGetValue(prompt, out var record) ? record : throw new RunStateException($"prompt {prompt} was never drawn");

    private void Draw(PromptsDrawn drawn)
    {
        Require(drawn.First == NextDraw, $"draw {drawn.First} cannot follow {NextDraw - 1}");
        foreach (var source in drawn.Sources)
        {
            _prompts[NextDraw] = new PromptRecord(source, PromptState.Open, 0, 0, 0, 0, 0, 0);
            _open.Add(NextDraw);
            _drawn[source.Environment] = _drawn.GetValueOrDefault(source.Environment) + 1;
            NextDraw++;
        }
    }

    private void OpenAttempts(AttemptsOpened opened)
    {
        Require(opened.Attempts.All(a => Get(a.Prompt) is { State: PromptState.Open } p && a.Attempt == p.Attempt + 1), "an attempt opens an open prompt, with the next number");
        Require(opened.Attempts.DistinctBy(a => a.Prompt).Count() == opened.Attempts.Count, "a prompt is opened once");
        foreach (var (prompt, attempt) in opened.Attempts)
        {
            Set(prompt, _prompts[prompt] with { State = PromptState.InFlight, Attempt = attempt });
        }
    }

    private void EndAttempt(AttemptEnded ended)
    {
        var record = Get(ended.Prompt);
        Require(record.Attempt == ended.Attempt && record.State is PromptState.InFlight or PromptState.Waiting, $"attempt {ended.Attempt} of prompt {ended.Prompt} is not under way");
        Set(ended.Prompt, record with
        {
            State = PromptState.Open,
            Failures = record.Failures + (ended.Outcome == AttemptOutcome.Failed ? 1 : 0),
            Stale = record.Stale + (ended.Outcome == AttemptOutcome.Stale ? 1 : 0),
            Lost = record.Lost + (ended.Outcome == AttemptOutcome.Lost ? 1 : 0),
        });
        if (ended.Outcome is AttemptOutcome.Failed or AttemptOutcome.Delivered)
        {
            Observe(ended.Prompt, ended.Outcome == AttemptOutcome.Failed);
        }
    }

    private void EndPrompt(PromptEnded ended)
    {
        Require(ended.State is > PromptState.Trained and < PromptState.Unfinished, $"a prompt cannot end as {ended.State} by itself");
        Require(Get(ended.Prompt).State == PromptState.Open, $"prompt {ended.Prompt} is not open");
        End(ended.Prompt, ended.State);
        if (ended.Reason is RunDecisions.ZeroAdvantage or RunDecisions.ZeroAdvantageDropped)
        {
            WithoutAdvantage++;
            DroppedPlaces += ended.Reason == RunDecisions.ZeroAdvantageDropped ? 1 : 0;
        }
    }

    private void Cut(BatchCut cut)
    {
        Require(cut.Step == NextStep && cut.Members.Count > 0, $"the next batch is that of step {NextStep}");
        Require(cut.Members.All(m => Get(m.Prompt) is { State: PromptState.Waiting } p && p.Attempt == m.Attempt), "a batch is cut from waiting groups");
        Require(cut.Members.DistinctBy(m => m.Prompt).Count() == cut.Members.Count, "a prompt is in a batch once");
        foreach (var member in cut.Members)
        {
            Set(member.Prompt, _prompts[member.Prompt] with { State = PromptState.Batched });
        }

        _batches[cut.Step] = cut.Members;
        _droppedPlacesOfBatch[cut.Step] = DroppedPlaces;
        DroppedPlaces = 0;
    }

    private void Strike(PayloadsStruck struck)
    {
        Require(_batches.TryGetValue(struck.Step, out var members), $"step {struck.Step} has no batch");
        Require(struck.Members.All(members!.Contains), "only members of the batch can be struck");
        _batches.Remove(struck.Step);
        DroppedPlaces += _droppedPlacesOfBatch[struck.Step];
        foreach (var member in members!.Except(struck.Members).Reverse())
        {
            Set(member.Prompt, _prompts[member.Prompt] with { State = PromptState.Waiting });
            _waiting.Remove(member.Prompt);
            _waiting.Insert(0, member.Prompt);
        }

        foreach (var member in struck.Members)
        {
            var record = _prompts[member.Prompt];
            Set(member.Prompt, record with { State = PromptState.Open, Lost = record.Lost + 1 });
        }
    }

    private void Commit(StepCommitted committed)
    {
        Require(Phase == RunPhase.Reinforcement && committed.Step == Step + 1 && _batches.ContainsKey(committed.Step), $"step {committed.Step} cannot be committed after {Step}");
        foreach (var member in _batches[committed.Step])
        {
            End(member.Prompt, PromptState.Trained);
        }

        _batches.Remove(committed.Step);
        Step = committed.Step;
    }

    private void RollBack(RolledBack back)
    {
        var sameOrEarlier = back.Phase == Phase ? back.Step <= Version.Number : back.Phase == RunPhase.Warmup && back.Step <= WarmupStep;
        Require(back.Lineage == Lineage + 1 && back.Step >= 0 && sameOrEarlier, $"a run at {Version} cannot go back to {back.Phase} {back.Step} as lineage {back.Lineage}");
        var keepBelow = back.Phase == RunPhase.Warmup ? 0 : back.Step;
        _batches.Clear();
        foreach (var (prompt, record) in _prompts.ToList())
        {
            if (!record.HasEnded || record.EndedAtVersion >= keepBelow && !Survives(record, keepBelow))
            {
                Set(prompt, record with { State = PromptState.Open, EndedAtVersion = 0 });
            }
        }

        (DroppedPlaces, WithoutAdvantage) = (0, 0);
        Phase = back.Phase;
        Lineage = back.Lineage;
        HasEnded = false;
        if (back.Phase == RunPhase.Warmup)
        {
            WarmupStep = back.Step;
            Step = 0;
        }
        else
        {
            Step = back.Step;
        }
    }

    /// <summary>A new version of an environment begins with a clean record.</summary>
    private void ChangeCurriculum(CurriculumChanged changed)
    {
        Require(changed.Entries.Any(e => e.Weight > 0), "a curriculum needs an environment with a weight");
        foreach (var entry in changed.Entries.Where(e => Curriculum?.Any(old => old.Key == e.Key) != true && e.Hash != EnvironmentKey.BuiltIn))
        {
            _health.Remove(entry.Environment);
        }

        Curriculum = changed.Entries;
    }

    /// <summary>What was trained at step m ended when m - 1 was the newest version, so it survives a rollback to m; so does whatever the environment itself ended.</summary>
    private static bool Survives(PromptRecord record, int step) =>
        record.State is PromptState.Quarantined or PromptState.Withdrawn || record.EndedAtVersion < step;

    private void Move(long prompt, int attempt, PromptState from, Func<PromptRecord, PromptRecord> change)
    {
        var record = Get(prompt);
        Require(record.State == from && record.Attempt == attempt, $"attempt {attempt} of prompt {prompt} is not {from}");
        Set(prompt, change(record));
    }

    private void End(long prompt, PromptState state) => Set(prompt, _prompts[prompt] with { State = state, EndedAtVersion = Step });

    private void Observe(long prompt, bool failed)
    {
        var environment = _prompts[prompt].Source.Environment;
        _health[environment] = HealthOf(environment).After(failed);
    }

    /// <summary>Replaces a record and keeps the indexes by state in line with it.</summary>
    private void Set(long prompt, PromptRecord record)
    {
        switch (_prompts[prompt].State)
        {
            case PromptState.Open:
                _open.Remove(prompt);
                break;
            case PromptState.InFlight:
                _inFlight.Remove(prompt);
                break;
            case PromptState.Waiting:
                _waiting.Remove(prompt);
                break;
        }

        _prompts[prompt] = record;
        switch (record.State)
        {
            case PromptState.Open:
                _open.Add(prompt);
                break;
            case PromptState.InFlight:
                _inFlight.Add(prompt);
                break;
            case PromptState.Waiting:
                _waiting.Add(prompt);
                break;
        }
    }
}
