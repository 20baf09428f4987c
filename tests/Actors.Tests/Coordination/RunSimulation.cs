using Intellect3.Actors.Coordination;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Tests.Coordination;

/// <summary>Drives <see cref="RunState"/> as the coordinator does, with whatever the outside world sends it in a random order, and checks what must hold after every event.</summary>
internal sealed class RunSimulation
{
    private readonly Random _random;
    private readonly RunRules _rules;
    private readonly Curriculum _curriculum;
    private readonly RunDecisions _decisions;
    private readonly List<AttemptKey> _everOpened = [];
    private readonly Dictionary<long, int> _trainedAt = [];

    public RunSimulation(int seed, RunRules rules)
    {
        _random = new Random(seed);
        _rules = rules;
        _curriculum = new Curriculum((ulong)seed, [new CurriculumEntry("a", "1", "built-in", 2), new CurriculumEntry("b", "1", "built-in", 1)]);
        _decisions = new RunDecisions(rules, _curriculum);
        Apply([new RunStarted("run", (ulong)seed, rules.Steps, rules.GroupsPerBatch, rules.TargetLag), new CoordinatorStarted(1), new ReinforcementStarted(0)]);
    }

    public RunState State { get; } = new();

    public List<RunEvent> Journal { get; } = [];

    public IReadOnlyDictionary<long, int> TrainedAt => _trainedAt;

    /// <summary>Batches in the order they were cut in the present lineage.</summary>
    public SortedDictionary<int, IReadOnlyList<AttemptKey>> Batches { get; } = [];

    public void Advance()
    {
        for (var events = _decisions.Next(State); events.Count > 0; events = _decisions.Next(State))
        {
            Apply(events);
        }
    }

    /// <summary>Runs to the end. <paramref name="hasAdvantage"/> says whether a prompt's group teaches anything.</summary>
    public void Run(Func<long, bool> hasAdvantage, double failure = 0, double lost = 0, double struck = 0, double rollback = 0, double noise = 0.2, double changes = 0)
    {
        var quiet = 0;
        while (State.Step < _rules.Steps)
        {
            Advance();
            if (++quiet > 200_000)
            {
                throw new InvalidOperationException($"no progress at step {State.Step}: {string.Join(", ", State.Count())}");
            }

            if (_random.NextDouble() < noise && _everOpened.Count > 0)
            {
                var key = _everOpened[_random.Next(_everOpened.Count)];
                Apply(_decisions.OnDelivered(State, key with { Attempt = _random.Next(1, 3) }, Outcome(hasAdvantage(key.Prompt))));
            }

            if (_random.NextDouble() < rollback && State.Step > 0)
            {
                var step = _random.Next(State.Step + 1);
                Apply([new RolledBack(RunPhase.Reinforcement, step, State.Lineage + 1)]);
                continue;
            }

            if (_random.NextDouble() < changes)
            {
                Apply([new CurriculumChanged(Changed(), "somebody asked")]);
                continue;
            }

            var trainable = State.Batches.Count > 0 && State.Batches.ContainsKey(State.Step + 1);
            if (trainable && (State.InFlight.Count == 0 || _random.Next(4) == 0))
            {
                var step = State.Step + 1;
                var members = State.Batches[step];
                Apply(_random.NextDouble() < struck
                    ? _decisions.OnPayloadsMissing(State, step, [members[_random.Next(members.Count)]])
                    : _decisions.OnComputed(State, step));
            }
            else if (State.InFlight.Count > 0)
            {
                var prompt = State.InFlight.ElementAt(_random.Next(State.InFlight.Count));
                var key = new AttemptKey(prompt, State.Prompts[prompt].Attempt);
                var fate = _random.NextDouble();
                Apply(fate < failure ? _decisions.OnAttemptEnded(State, key, AttemptOutcome.Failed, "scorer")
                    : fate < failure + lost ? _decisions.OnAttemptEnded(State, key, AttemptOutcome.Lost, "node")
                    : _decisions.OnDelivered(State, key, Outcome(hasAdvantage(prompt))));
            }
        }

        Advance();
        Apply([new RunEnded("done")]);
    }

    /// <summary>What a person might do next: inject or upgrade, weigh, or withdraw.</summary>
    private IReadOnlyList<CurriculumEntry> Changed()
    {
        var entries = _curriculum.EntriesOf(State);
        var name = ((string[])["a", "b", "c"])[_random.Next(3)];
        try
        {
            return _random.Next(3) switch
            {
                0 => CurriculumChange.Inject(entries, new EnvironmentKey(name, $"{_random.Next(3)}", "hash"), _random.NextDouble()),
                1 => CurriculumChange.Weigh(entries, name, _random.NextDouble()),
                _ => CurriculumChange.Withdraw(entries, name),
            };
        }
        catch (RunRefusedException)
        {
            return entries;
        }
    }

    private GroupOutcome Outcome(bool hasAdvantage) => new(0.5, State.Lineage, Math.Max(0, State.Step - _random.Next(2)), hasAdvantage);

    private void Apply(IReadOnlyList<RunEvent> events)
    {
        foreach (var @event in events)
        {
            State.Apply(@event);
            Journal.Add(@event);
            Note(@event);
            Check();
        }
    }

    private void Note(RunEvent @event)
    {
        switch (@event)
        {
            case AttemptsOpened opened:
                _everOpened.AddRange(opened.Attempts);
                break;
            case BatchCut cut:
                Batches[cut.Step] = cut.Members;
                break;
            case StepCommitted committed:
                foreach (var member in Batches[committed.Step])
                {
                    Assert.True(_trainedAt.TryAdd(member.Prompt, committed.Step), $"prompt {member.Prompt} was trained at {_trainedAt.GetValueOrDefault(member.Prompt)} and {committed.Step}");
                }

                break;
            case RolledBack back:
                foreach (var prompt in _trainedAt.Where(t => t.Value > back.Step).Select(t => t.Key).ToList())
                {
                    _trainedAt.Remove(prompt);
                }

                break;
        }
    }

    private void Check()
    {
        Assert.Equal(State.NextDraw, State.Prompts.Count);
        Assert.Equal(State.Prompts.Count, State.Count().Values.Sum());
        Assert.Equal(State.Open, State.Prompts.Where(p => p.Value.State == PromptState.Open).Select(p => p.Key).Order());
        Assert.Equal(State.InFlight, State.Prompts.Where(p => p.Value.State == PromptState.InFlight).Select(p => p.Key).Order());
        Assert.Equal(State.Waiting.Order(), State.Prompts.Where(p => p.Value.State == PromptState.Waiting).Select(p => p.Key).Order());
        Assert.Equal(State.Batches.Values.SelectMany(b => b).Select(m => m.Prompt).Order(), State.Prompts.Where(p => p.Value.State == PromptState.Batched).Select(p => p.Key).Order());
        Assert.Equal(_trainedAt.Keys.Order(), State.Prompts.Where(p => p.Value.State == PromptState.Trained).Select(p => p.Key).Order());
        Assert.True(State.Batches.Count <= _rules.TargetLag + 1, "more batches are cut than the gate allows");
    }
}
