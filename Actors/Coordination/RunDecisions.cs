namespace Intellect3.Actors.Coordination;

/// <summary>
/// What follows from a run's state and a message: pure functions to events. Whoever calls them persists and applies the events before acting on them.
/// An empty list means that there is nothing to do: the message was late, repeated, or must wait.
/// </summary>
public sealed class RunDecisions(RunRules rules, Curriculum curriculum)
{
    public const string ZeroAdvantage = "zero advantage";
    public const string ZeroAdvantageDropped = "zero advantage, place dropped";
    public const string StaleTooOften = "stale too often";

    /// <summary>A group was delivered.</summary>
    public IReadOnlyList<RunEvent> OnDelivered(RunState state, AttemptKey key, GroupOutcome outcome)
    {
        if (!IsUnderWay(state, key))
        {
            return [];
        }

        if (outcome.Lineage != state.Lineage)
        {
            return [new AttemptEnded(key.Prompt, key.Attempt, AttemptOutcome.Cancelled, $"of lineage {outcome.Lineage}")];
        }

        if (IsStale(state, outcome.OldestVersion))
        {
            return EndAsStale(state, key);
        }

        if (!outcome.HasAdvantage)
        {
            var reason = rules.DropZeroAdvantage ? ZeroAdvantageDropped : ZeroAdvantage;
            return [new AttemptEnded(key.Prompt, key.Attempt, AttemptOutcome.Delivered, reason), new PromptEnded(key.Prompt, PromptState.Rejected, reason)];
        }

        return [new GroupAccepted(key.Prompt, key.Attempt, outcome.Reward, outcome.OldestVersion)];
    }

    /// <summary>An attempt ended without a result: <see cref="AttemptOutcome.Failed"/> by itself, or <see cref="AttemptOutcome.Lost"/>.</summary>
    public IReadOnlyList<RunEvent> OnAttemptEnded(RunState state, AttemptKey key, AttemptOutcome outcome, string reason)
    {
        if (!IsUnderWay(state, key))
        {
            return [];
        }

        var record = state.Prompts[key.Prompt];
        var events = new List<RunEvent> { new AttemptEnded(key.Prompt, key.Attempt, outcome, reason) };
        var environment = record.Source.Environment;
        var health = outcome == AttemptOutcome.Failed ? state.HealthOf(environment).After(failed: true) : state.HealthOf(environment);
        if (!health.IsQuarantined && health.FailureRate > rules.QuarantineFailureRate)
        {
            events.AddRange(Quarantine(state, key, environment, health.FailureRate, reason));
        }
        else if (outcome == AttemptOutcome.Failed && record.Failures + 1 >= rules.MaxAttempts)
        {
            events.Add(new PromptEnded(key.Prompt, PromptState.Failed, reason));
        }
        else if (outcome == AttemptOutcome.Lost && record.Lost + 1 >= rules.MaxLostAttempts)
        {
            events.Add(new PromptEnded(key.Prompt, PromptState.Failed, $"lost {rules.MaxLostAttempts} times, last: {reason}"));
        }

        return events;
    }

    /// <summary>The trainer reports that payloads of a batch are gone.</summary>
    public IReadOnlyList<RunEvent> OnPayloadsMissing(RunState state, int step, IReadOnlyList<AttemptKey> missing) =>
        state.Batches.TryGetValue(step, out var members) && missing.Intersect(members).ToList() is { Count: > 0 } struck ? [new PayloadsStruck(step, struck)] : [];

    /// <summary>The trainer has computed a step.</summary>
    public IReadOnlyList<RunEvent> OnComputed(RunState state, int step) =>
        step == state.Step + 1 && state.Batches.ContainsKey(step) ? [new StepCommitted(step)] : [];

    /// <summary>The next thing to do, if any; ask again after applying it.</summary>
    public IReadOnlyList<RunEvent> Next(RunState state)
    {
        if (state.HasEnded || state.Phase != RunPhase.Reinforcement || state.Step >= rules.Steps)
        {
            return [];
        }

        if (EndQuarantined(state) is { Count: > 0 } quarantined)
        {
            return quarantined;
        }

        if (EndWithdrawn(state) is { Count: > 0 } withdrawn)
        {
            return withdrawn;
        }

        if (Sweep(state) is { Count: > 0 } stale)
        {
            return stale;
        }

        return NextBatch(state) is { } cut ? [cut] : OpenMore(state);
    }

    /// <summary>True when so many groups in a row taught nothing that waiting for a better one is hopeless.</summary>
    public bool IsHopeless(RunState state) => state.WithoutAdvantage >= rules.MaxGroupsWithoutAdvantage;

    /// <summary>True when the environments left have no tasks to draw and a batch still needs some.</summary>
    public bool IsExhausted(RunState state) => curriculum.Draw(state) is null && state.InFlight.Count + state.Open.Count + state.Waiting.Count + state.Batches.Count == 0;

    private static bool IsUnderWay(RunState state, AttemptKey key) =>
        !state.HasEnded && state.Prompts.TryGetValue(key.Prompt, out var record) && record.State == PromptState.InFlight && record.Attempt == key.Attempt;

    private bool IsStale(RunState state, int oldestVersion) => state.NextStep - 1 - oldestVersion > rules.MaxOffPolicySteps;

    private List<RunEvent> EndAsStale(RunState state, AttemptKey key)
    {
        var events = new List<RunEvent> { new AttemptEnded(key.Prompt, key.Attempt, AttemptOutcome.Stale, $"a token is more than {rules.MaxOffPolicySteps} versions old") };
        if (state.Prompts[key.Prompt].Stale + 1 >= rules.MaxStaleAttempts)
        {
            events.Add(new PromptEnded(key.Prompt, PromptState.Rejected, StaleTooOften));
        }

        return events;
    }

    private List<RunEvent> Sweep(RunState state) =>
        state.Waiting.Where(p => IsStale(state, state.Prompts[p].OldestVersion)).SelectMany(p => EndAsStale(state, new AttemptKey(p, state.Prompts[p].Attempt))).ToList();

    private static IEnumerable<RunEvent> Quarantine(RunState state, AttemptKey last, string environment, double rate, string reason)
    {
        yield return new EnvironmentQuarantined(environment, $"{rate:P0} of the last attempts failed; the last: {reason}");
        yield return new PromptEnded(last.Prompt, PromptState.Quarantined, reason);
        foreach (var prompt in state.InFlight.Where(p => p != last.Prompt && state.Prompts[p].Source.Environment == environment))
        {
            yield return new AttemptEnded(prompt, state.Prompts[prompt].Attempt, AttemptOutcome.Cancelled, "environment quarantined");
            yield return new PromptEnded(prompt, PromptState.Quarantined, reason);
        }
    }

    private static List<RunEvent> EndQuarantined(RunState state) =>
        state.Open.Where(p => state.HealthOf(state.Prompts[p].Source.Environment).IsQuarantined)
            .Select(RunEvent (p) => new PromptEnded(p, PromptState.Quarantined, "environment quarantined")).ToList();

    /// <summary>Groups of a withdrawn environment that are in flight go on; whatever of it is or comes open ends.</summary>
    private static List<RunEvent> EndWithdrawn(RunState state) =>
        state.Curriculum is not { } curriculum ? []
        : state.Open.Where(p => !curriculum.Any(e => e.Environment == state.Prompts[p].Source.Environment))
            .Select(RunEvent (p) => new PromptEnded(p, PromptState.Withdrawn, "environment withdrawn")).ToList();

    /// <summary>Batch n is cut once its B places are taken, and no earlier than it could be trained: version at least n - 1 - lag.</summary>
    private BatchCut? NextBatch(RunState state)
    {
        var step = state.NextStep;
        var places = rules.GroupsPerBatch - state.DroppedPlaces;
        if (step > rules.Steps || state.Step < step - 1 - rules.TargetLag || state.Waiting.Count < Math.Max(1, places))
        {
            return null;
        }

        if (rules.IsSynchronous && state.InFlight.Count > 0)
        {
            return null;
        }

        var members = state.Waiting.Take(Math.Max(1, places)).Order().Select(p => new AttemptKey(p, state.Prompts[p].Attempt)).ToList();
        return new BatchCut(step, members);
    }

    /// <summary>Groups for step n open while (n - 1) - version is at most the target lag; what was opened before goes first, in draw order.</summary>
    private List<RunEvent> OpenMore(RunState state)
    {
        var step = state.NextStep;
        if (step > rules.Steps || step - 1 - state.Step > rules.TargetLag)
        {
            return [];
        }

        var taken = state.Waiting.Count + state.DroppedPlaces + state.InFlight.Count;
        var wanted = rules.IsSynchronous
            ? Math.Max(rules.GroupsPerBatch - taken, taken - state.DroppedPlaces == 0 ? 1 : 0)
            : Math.Max(Math.Min(rules.GroupsInFlight, (rules.Steps - step + 1) * rules.GroupsPerBatch) - taken, taken - state.DroppedPlaces == 0 ? 1 : 0);
        if (wanted <= 0)
        {
            return [];
        }

        var events = new List<RunEvent>();
        var prompts = state.Open.Take(wanted).ToList();
        var drawn = curriculum.Draw(state, wanted - prompts.Count);
        if (drawn.Count > 0)
        {
            events.Add(new PromptsDrawn(state.NextDraw, drawn));
            prompts.AddRange(Enumerable.Range(0, drawn.Count).Select(i => state.NextDraw + i));
        }

        if (prompts.Count > 0)
        {
            var attempts = prompts.Select(p => new AttemptKey(p, state.Prompts.TryGetValue(p, out var record) ? record.Attempt + 1 : 1)).ToList();
            events.Add(new AttemptsOpened(state.Lineage, state.Step, attempts));
        }

        return events;
    }
}
