using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>Environments that are injected into the run, weighted and withdrawn while it goes on; and the nodes that run them.</summary>
public sealed partial class RunCoordinator
{
    /// <summary>How long nodes may take to pull, start and validate a package.</summary>
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(150);

    private readonly EnvironmentDeployment _deployment = new();
    private readonly Dictionary<EnvironmentKey, Injection> _injections = [];

    private IReadOnlyList<CurriculumEntry> CurriculumNow => _curriculum.EntriesOf(_state);

    private void ReceiveEnvironments()
    {
        Receive<InjectEnvironment>(inject => Change(() => Inject(inject)));
        Receive<WeightEnvironment>(weigh => Change(() =>
        {
            Persist([new CurriculumChanged(CurriculumChange.Weigh(CurriculumNow, weigh.Name, weigh.Weight), $"weight of {weigh.Name}")]);
            Sender.Tell(new EnvironmentsChanged($"{weigh.Name} gets {weigh.Weight:P0} of new groups."));
        }));
        Receive<WithdrawEnvironment>(withdraw => Change(() =>
        {
            Persist([new CurriculumChanged(CurriculumChange.Withdraw(CurriculumNow, withdraw.Name), $"{withdraw.Name} withdrawn")]);
            Sender.Tell(new EnvironmentsChanged($"{withdraw.Name} is withdrawn: no new groups are drawn from it, and its processes end with the groups that are in flight."));
        }));
        Receive<GetRunEnvironments>(_ => Sender.Tell(new EnvironmentList(ListEnvironments())));
        Receive<EnvironmentInstalled>(m => Answer(Sender, new EnvironmentKey(m.Name, m.Version, m.Sha256), _deployment.Installed));
        Receive<EnvironmentRetired>(m => Answer(Sender, new EnvironmentKey(m.Name, m.Version, m.Sha256), _deployment.Retired));
        Receive<EnvironmentRefused>(m => Answer(Sender, new EnvironmentKey(m.Name, m.Version, m.Sha256), (node, key) =>
        {
            _log.Error("Environment {0} does not run on {1}: {2}", key, node, m.Reason);
            _deployment.Refused(node, key, m.Reason);
        }));
    }

    /// <summary>Does a change that a person asked for, or says why not; then goes on.</summary>
    private void Change(Action change)
    {
        try
        {
            if (IsOver)
            {
                throw new RunRefusedException($"the run {_plan.Run} is over", "Its environments cannot be changed any more.", "Submit another run first.");
            }

            change();
            Advance();
        }
        catch (RunRefusedException exception)
        {
            Sender.Tell(new RunRefused(exception.Message, exception.Why, exception.Remedy));
        }
    }

    /// <summary>Installs a package on every node; groups are drawn from it once all have answered and one of them runs it.</summary>
    private void Inject(InjectEnvironment inject)
    {
        if (_plan.Packages?.Find(inject.Name, inject.Version) is not { } key)
        {
            var known = _plan.Packages?.Packages.Select(p => p.Name).Distinct() ?? [];
            throw new RunRefusedException(
                $"the cluster has no package {inject.Name}{(inject.Version is { } version ? $" {version}" : "")}",
                Environments.NearestName.Of(inject.Name, known) is { } nearest && nearest != inject.Name ? $"Did you mean '{nearest}'?" : $"It has {string.Join(", ", _plan.Packages?.Packages.Select(p => $"{p.Name} {p.Version}").DefaultIfEmpty("none") ?? ["none"])}.",
                "Push it first: intellect3 env push FILE.nupkg --to HOST:PORT");
        }

        // What is wrong with the share is said before anything is installed.
        _ = CurriculumChange.Inject(CurriculumNow, key, inject.Weight);
        _injections[key] = new Injection(Sender, inject.Weight, _time.GetTimestamp());
        _log.Info("Injecting {0}", key);
    }

    private void Answer(IActorRef host, EnvironmentKey key, Action<string, EnvironmentKey> note)
    {
        if (_nodes.FirstOrDefault(n => n.Value.Path.Equals(host.Path.Parent)).Key is { } node)
        {
            note(node, key);
            Advance();
        }
    }

    /// <summary>Tells nodes what to run and what to end, and completes injections that all nodes have answered.</summary>
    private void Deploy()
    {
        var needed = CurriculumNow.Select(e => e.Key)
            .Concat(_injections.Keys)
            .Concat(_state.Open.Concat(_state.InFlight).Select(p => _state.Prompts[p].Source.Key))
            .ToHashSet();
        if (IsOver)
        {
            needed.Clear();
        }

        var (install, retire) = _deployment.Tell(_nodes.Keys, needed);
        foreach (var (node, key) in install)
        {
            if (_plan.Packages?.RefTo(key.Hash, _plan.Address) is { } package)
            {
                _nodes[node].Tell(new InstallEnvironment(key.Name, key.Version, key.Hash, package));
            }
            else
            {
                _log.Error("The run has prompts of {0}, but its coordinator does not have that package: push it again, or withdraw the environment", key);
                _deployment.Refused(node, key, "the coordinator does not have the package");
            }
        }

        foreach (var (node, key) in retire)
        {
            _nodes[node].Tell(new RetireEnvironment(key.Name, key.Version, key.Hash));
        }

        foreach (var (key, injection) in _injections.ToList())
        {
            if (_deployment.IsSettled(key, _placement.Nodes) || _time.GetElapsedTime(injection.Asked) > InstallPatience)
            {
                Complete(key, injection);
            }
        }
    }

    private void Complete(EnvironmentKey key, Injection injection)
    {
        _injections.Remove(key);
        var (nodes, refusals) = (_deployment.CountOf(key), _deployment.RefusalsOf(key));
        try
        {
            if (nodes == 0)
            {
                throw new RunRefusedException($"no node runs {key}", refusals.Count > 0 ? refusals[0] : _nodes.Count == 0 ? "There is no rollout node." : $"None answered within {InstallPatience.TotalSeconds:0} s.", "The run goes on without it.");
            }

            Persist([new CurriculumChanged(CurriculumChange.Inject(CurriculumNow, key, injection.Share), $"{key} injected")]);
            var share = CurriculumNow.First(e => e.Key == key).Weight / CurriculumNow.Sum(e => e.Weight);
            injection.Requester.Tell(new EnvironmentsChanged(
                $"{key} runs on {nodes} {(nodes == 1 ? "node" : "nodes")} and gets {share:P0} of new groups." + string.Concat(refusals.Select(r => $" It does not run on {r}"))));
        }
        catch (RunRefusedException exception)
        {
            injection.Requester.Tell(new RunRefused(exception.Message, exception.Why, exception.Remedy));
        }
    }

    private List<EnvironmentEntry> ListEnvironments()
    {
        var inFlight = _state.InFlight.CountBy(p => _state.Prompts[p].Source.Key).ToDictionary();
        return
        [
            .. CurriculumNow.Select(e => EntryOf(e.Key, _state.HealthOf(e.Environment).IsQuarantined ? "quarantined" : "active", e.Weight)),
            .. _injections.Keys.Select(k => EntryOf(k, "validating", 0)),
            .. _deployment.Known.Where(k => !_injections.ContainsKey(k) && CurriculumNow.All(e => e.Key != k)).Select(k => EntryOf(k, inFlight.ContainsKey(k) ? "draining" : "withdrawn", 0)),
        ];

        EnvironmentEntry EntryOf(EnvironmentKey key, string state, double weight) => new(
            key.Name,
            key.Version,
            key.Hash == EnvironmentKey.BuiltIn ? "" : key.Hash,
            state,
            weight,
            _state.Prompts.Values.LongCount(p => p.Source.Key == key),
            inFlight.GetValueOrDefault(key),
            _deployment.RefusalsOf(key) is [var refusal, ..] ? refusal : null);
    }

    private sealed record Injection(IActorRef Requester, double? Share, long Asked);
}
