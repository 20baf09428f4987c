using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;

namespace Intellect3.Actors.Injection;

/// <summary>The injected environments of a node: each version a child process that is installed, found by groups, drained and ended. What is wrong with one is said of that one.</summary>
public sealed class EnvironmentHost : ReceiveActor
{
    /// <summary>Ended and failed ones that <see cref="GetEnvironments"/> still shows.</summary>
    private const int Remembered = 20;

    private readonly EnvironmentInstaller _installer;
    private readonly EnvironmentCatalog _catalog;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<Instance> _instances = [];

    public EnvironmentHost(EnvironmentHostOptions options, PackageStore store, EnvironmentCatalog catalog, IByteChannel channel)
    {
        (_installer, _catalog) = (new EnvironmentInstaller(options, store, channel), catalog);
        Receive<InstallEnvironment>(Install);
        Receive<RetireEnvironment>(Retire);
        Receive<GetEnvironments>(_ => Sender.Tell(new EnvironmentStatuses([.. _instances.Select(instance => instance.Status)])));
        Receive<Validating>(reached => reached.Instance.Reach(EnvironmentState.Validating));
        Receive<Started>(Admit);
        Receive<Broken>(broken => Drop(broken.Instance, broken.Exception.Message));
        Receive<Unused>(unused => End(unused.Instance));
        Receive<Ended>(ended => Forget(ended.Instance));
    }

    /// <param name="options">How children are run.</param>
    /// <param name="store">The node's packages; what is pulled is kept there.</param>
    /// <param name="catalog">Where the node's groups find environments.</param>
    /// <param name="channel">Pulls packages.</param>
    public static Props Props(EnvironmentHostOptions options, PackageStore store, EnvironmentCatalog catalog, IByteChannel channel) =>
        Akka.Actor.Props.Create(() => new EnvironmentHost(options, store, catalog, channel));

    protected override void PostStop()
    {
        foreach (var instance in _instances)
        {
            instance.GiveUp.Cancel();
            _ = instance.Child?.DisposeAsync().AsTask();
        }
    }

    private void Install(InstallEnvironment install)
    {
        var key = new EnvironmentKey(install.Name, install.Version, install.Sha256);
        if (Current(key) is { } current)
        {
            current.Tell(Sender);
            return;
        }

        var (instance, self) = (new Instance(key), Self);
        instance.Tell(Sender);
        _instances.Add(instance);
        _log.Info("Environment {0} is being installed", key);

        // Off this actor's thread: until the first await it reads, checks and unpacks a file.
        Task.Run(() => _installer.InstallAsync(key, install.Package, () => self.Tell(new Validating(instance)), instance.GiveUp.Token))
            .PipeTo(Self, success: child => new Started(instance, child), failure: exception => new Broken(instance, exception));
    }

    private void Admit(Started started)
    {
        var (instance, child) = started;
        instance.Child = child;
        if (instance.State == EnvironmentState.Draining)
        {
            End(instance);
            return;
        }

        _catalog.Add(child);
        instance.Reach(EnvironmentState.Ready);
        _log.Info("Environment {0} is ready, process {1}", instance.Key, child.ProcessId);
    }

    private void Drop(Instance instance, string reason)
    {
        if (instance.State == EnvironmentState.Draining)
        {
            Forget(instance);
            return;
        }

        _log.Warning("Environment {0} is refused: {1}", instance.Key, reason);
        instance.Reach(EnvironmentState.Failed, reason);
        Prune();
    }

    private void Retire(RetireEnvironment retire)
    {
        var key = new EnvironmentKey(retire.Name, retire.Version, retire.Sha256);
        if ((Current(key) ?? _instances.FindLast(i => i.Key == key && i.State == EnvironmentState.Draining)) is not { } instance)
        {
            Sender.Tell(new EnvironmentRetired(key.Name, key.Version, key.Hash));
            return;
        }

        instance.TellEnd(Sender);
        if (instance.State == EnvironmentState.Draining)
        {
            return;
        }

        instance.Reach(EnvironmentState.Draining);
        _log.Info("Environment {0} drains", key);
        if (instance.Child is null)
        {
            instance.GiveUp.Cancel();
        }
        else
        {
            _catalog.RemoveAsync(key).PipeTo(Self, success: () => new Unused(instance));
        }
    }

    private void End(Instance instance) => instance.Child!.DisposeAsync().AsTask().PipeTo(Self, success: () => new Ended(instance), failure: _ => new Ended(instance));

    private void Forget(Instance instance)
    {
        instance.Reach(EnvironmentState.Stopped);
        _log.Info("Environment {0} has ended", instance.Key);
        Prune();
    }

    /// <summary>The one that is up or coming up.</summary>
    private Instance? Current(EnvironmentKey key) => _instances.Find(i => i.Key == key && i.State is EnvironmentState.Starting or EnvironmentState.Validating or EnvironmentState.Ready);

    private void Prune()
    {
        while (_instances.Count(instance => instance.IsOver) > Remembered)
        {
            _instances.Remove(_instances.First(instance => instance.IsOver));
        }
    }

    /// <summary>One start of an environment, and who waits for its outcome.</summary>
    private sealed class Instance(EnvironmentKey key)
    {
        private readonly List<IActorRef> _askedForStart = [];
        private readonly List<IActorRef> _askedForEnd = [];
        private string? _reason;

        public EnvironmentKey Key => key;

        public CancellationTokenSource GiveUp { get; } = new();

        public ChildEnvironment? Child { get; set; }

        public EnvironmentState State { get; private set; } = EnvironmentState.Starting;

        public bool IsOver => State is EnvironmentState.Stopped or EnvironmentState.Failed;

        public EnvironmentStatus Status => new(
            key.Name, key.Version, key.Hash, State, IsOver ? null : Child?.ProcessId, Child?.Calls ?? 0, Child?.Failures ?? 0, Child?.Restarts ?? 0, _reason);

        /// <summary>Moves on and answers whoever waits for it; nothing leads back from draining but the end.</summary>
        public void Reach(EnvironmentState state, string? reason = null)
        {
            if (State == EnvironmentState.Draining && state != EnvironmentState.Stopped)
            {
                return;
            }

            (State, _reason) = (state, reason);
            AnswerStart();
            if (IsOver)
            {
                Answer(_askedForEnd, new EnvironmentRetired(key.Name, key.Version, key.Hash));
            }
        }

        public void Tell(IActorRef asker)
        {
            _askedForStart.Add(asker);
            AnswerStart();
        }

        public void TellEnd(IActorRef asker) => _askedForEnd.Add(asker);

        private void AnswerStart()
        {
            if (State == EnvironmentState.Ready)
            {
                Answer(_askedForStart, new EnvironmentInstalled(key.Name, key.Version, key.Hash));
            }
            else if (State is not (EnvironmentState.Starting or EnvironmentState.Validating))
            {
                Answer(_askedForStart, new EnvironmentRefused(key.Name, key.Version, key.Hash, _reason ?? "it was retired before it was up"));
            }
        }

        private static void Answer(List<IActorRef> askers, IEnvironmentMessage answer)
        {
            askers.ForEach(asker => asker.Tell(answer));
            askers.Clear();
        }
    }

    private sealed record Validating(Instance Instance) : INoSerializationVerificationNeeded;

    private sealed record Started(Instance Instance, ChildEnvironment Child) : INoSerializationVerificationNeeded;

    private sealed record Broken(Instance Instance, Exception Exception) : INoSerializationVerificationNeeded;

    private sealed record Unused(Instance Instance) : INoSerializationVerificationNeeded;

    private sealed record Ended(Instance Instance) : INoSerializationVerificationNeeded;
}
