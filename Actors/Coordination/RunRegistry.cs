using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Files.HuggingFace;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// The cluster singleton of the coordinator nodes: knows every run, starts the <see cref="RunCoordinator"/> of the active one as its child, tells nodes which run to take part in, and
/// hands them its messages. A restarted one goes on with the run that was active.
/// </summary>
public sealed class RunRegistry : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>, and as a singleton.</summary>
    public const string Name = "runs";

    private static readonly TimeSpan PackageTimeout = TimeSpan.FromMinutes(1);

    private readonly NodeServices _node;
    private readonly IActorRef _groups;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, NodeHere> _nodes = new(StringComparer.Ordinal);
    private RunBook _book = new([]);
    private RunDescriptor? _active;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private string _whyNone = "no run was started yet";
    private int _started;

    /// <param name="node">The node's.</param>
    /// <param name="groups">The shard region of <see cref="Rollouts.RolloutGroup"/>, or its proxy.</param>
    public RunRegistry(NodeServices node, IActorRef groups)
    {
        (_node, _groups) = (node, groups);
        Receive<SubmitRun>(Submit);
        Receive<GetRuns>(_ => Sender.Tell(new RunList(_book.Entries)));
        Receive<KeepPackage>(Keep);
        Receive<PackageFetched>(Keep);
        Receive<NodeHere>(Greet);
        Receive<NodeLeaving>(Part);
        Receive<RunOver>(over => End(over.Instance, over.Stage));
        Receive<Terminated>(Lose);
        Receive<INodeMessage>(ForwardToRun);
        Receive<ITrainerMessage>(ForwardToRun);
        Receive<IGroupMessage>(ForwardToRun);
        Receive<IRunMessage>(message =>
        {
            if (_coordinator.IsNobody())
            {
                Sender.Tell(new NoRun(_whyNone));
            }
            else
            {
                ForwardToRun(message);
            }
        });
    }

    public static Props Props(NodeServices node, IActorRef groups) => Akka.Actor.Props.Create(() => new RunRegistry(node, groups)).WithDispatcher(RunRecorder.Dispatcher);

    /// <summary>A coordinator that cannot begin stays down and says why; one that fails later starts again from its ledger.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        10,
        TimeSpan.FromMinutes(5),
        exception =>
        {
            _whyNone = (exception as ActorInitializationException)?.GetBaseException().Message ?? exception.Message;
            return exception is ActorInitializationException ? Directive.Stop : Directive.Restart;
        });

    protected override void PreStart()
    {
        if (_node.DataDirectory is null)
        {
            return;
        }

        _book = RunBookFile.Read(_node.DataDirectory);
        if (_book.Active is { } run)
        {
            try
            {
                var config = File.ReadAllText(Path.Combine(run.Directory, RunFiles.Config));
                _log.Info("Going on with the run {0} in {1}", run.Name, run.Directory);
                Start(new RunDescriptor(run.Name, run.Instance, run.Directory, config), ContextOf(config));
            }
            catch (Exception exception) when (exception is RunRefusedException or IOException or UnauthorizedAccessException)
            {
                _log.Error("The run {0} in {1} cannot go on: {2}", run.Name, run.Directory, exception.Message);
                End(run.Instance, RunStage.Failed);
            }
        }
    }

    private void Submit(SubmitRun submit)
    {
        try
        {
            Sender.Tell(Accept(submit));
        }
        catch (RunRefusedException exception)
        {
            Sender.Tell(new RunRefused(exception.Message, exception.Why, exception.Remedy));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Sender.Tell(new RunRefused("the coordinator could not write its files", exception.Message, "Look at its --data-dir and at the run directory."));
        }
    }

    private object Accept(SubmitRun submit)
    {
        if (submit.Directory.Length == 0)
        {
            submit = submit with { Directory = Path.Combine(_node.DataDirectory ?? "", "runs", submit.Name) };
        }

        if (_active is { } active)
        {
            return Path.GetFullPath(submit.Directory) == active.Directory && submit.Config == active.Config
                ? new RunAccepted(active, Attached: true)
                : new RunRefused($"the run {active.Name} is active", "A cluster runs one at a time.", $"Wait for it, stop it with `pbm run stop`, or attach to it: submit the same settings with --run-dir {active.Directory}.");
        }

        // What is wrong with the settings is found before anything is written.
        var context = ContextOf(submit.Config);
        var (directory, state) = _node.Library.Open(submit.Directory, submit.Config);
        if (state == RunDirectoryState.Finished)
        {
            return new RunRefused($"the run in {directory} is finished", "There is nothing left to do.", "Choose another --run-dir for a new run.");
        }

        var run = new RunDescriptor(submit.Name, Guid.NewGuid().ToString("N"), directory, submit.Config);
        _book.Begin(run.Name, run.Instance, run.Directory);
        try
        {
            SaveBook();
        }
        catch
        {
            _book.End(run.Instance, RunStage.Failed);
            throw;
        }

        Start(run, context);
        return new RunAccepted(run, Attached: state == RunDirectoryState.Begun);
    }

    private void Start(RunDescriptor run, PolicyContext context)
    {
        var plan = new RunPlan(run.Name, run.Instance, run.Directory, context, _node.Address, _node.Environments?.Packages);
        if (!_coordinator.IsNobody())
        {
            Context.Unwatch(_coordinator);
            Context.Stop(_coordinator);
        }

        _active = run;
        _coordinator = Context.Watch(Context.ActorOf(RunCoordinator.Props(plan, _groups, _node.Channel, _node.Time), $"run-{++_started}"));
        TellNodes();
    }

    private PolicyContext ContextOf(string config)
    {
        try
        {
            return new PolicyContext(_node.Library.Parse(config), _node.Tasksets);
        }
        catch (UnknownTasksetException exception)
        {
            throw new RunRefusedException("an environment is unknown", exception.Message, "Name a built-in environment, or one that was injected.");
        }
        catch (ModelFolderException exception)
        {
            throw new RunRefusedException("the model cannot be used", exception.Message, "Set model.folder to another folder, or leave it out to make a new model.");
        }
    }

    private void End(string instance, RunStage stage)
    {
        if (_book.End(instance, stage))
        {
            SaveBook();
        }

        if (_active?.Instance == instance)
        {
            _active = null;
            TellNodes();
        }
    }

    private void SaveBook()
    {
        if (_node.DataDirectory is { } directory)
        {
            RunBookFile.Write(directory, _book);
        }
    }

    private void Greet(NodeHere here)
    {
        Context.Watch(here.Node);
        _nodes[here.Incarnation] = here;
        here.Node.Tell(Active());
    }

    private void Part(NodeLeaving leaving)
    {
        if (_active is null)
        {
            Sender.Tell(new NodeReleased());
        }
        else
        {
            ForwardToRun(leaving);
        }
    }

    private void Lose(Terminated dead)
    {
        if (dead.ActorRef.Equals(_coordinator))
        {
            _log.Error("The run cannot go on: {0}", _whyNone);
            _coordinator = ActorRefs.Nobody;
            if (_active is { } active)
            {
                End(active.Instance, RunStage.Failed);
            }
        }
        else if (_nodes.FirstOrDefault(n => n.Value.Node.Equals(dead.ActorRef)).Key is { } incarnation)
        {
            _nodes.Remove(incarnation);
        }
    }

    private void TellNodes()
    {
        foreach (var node in _nodes.Values)
        {
            node.Node.Tell(Active());
        }
    }

    private CurrentRun Active() => new(_active, [.. _nodes.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => n.Value.Entry)]);

    /// <summary>A package that was pushed to another node is pulled, so that it is there whatever becomes of that node.</summary>
    private void Keep(KeepPackage keep)
    {
        if (_node.Environments is not { } environments)
        {
            Sender.Tell(new RunRefused("this cluster takes no packages", "Its coordinator has no data directory.", "Start the coordinator as a node."));
        }
        else if (environments.Packages.Has(keep.Sha256))
        {
            Sender.Tell(new PackageKept(keep.Sha256));
        }
        else
        {
            FetchAsync(keep, _node.Channel).PipeTo(Self, Sender);
        }
    }

    private static async Task<PackageFetched> FetchAsync(KeepPackage keep, IByteChannel channel)
    {
        try
        {
            using var deadline = new CancellationTokenSource(PackageTimeout);
            return new PackageFetched(keep.Sha256, await channel.PullBytesAsync(keep.Package, deadline.Token), null);
        }
        catch (Exception exception) when (exception is ContentUnavailableException or OperationCanceledException)
        {
            return new PackageFetched(keep.Sha256, null, exception.Message);
        }
    }

    private void Keep(PackageFetched fetched)
    {
        try
        {
            var package = EnvironmentPackage.Read(fetched.Bytes ?? throw new PackageException(fetched.Problem!));
            _node.Environments!.Packages.Keep(package);
            Sender.Tell(new PackageKept(package.Key.Hash));
        }
        catch (Exception exception) when (exception is PackageException or IOException or UnauthorizedAccessException)
        {
            Sender.Tell(new RunRefused("the coordinator could not keep the package", exception.Message, "Push it again."));
        }
    }

    private void ForwardToRun(object message) => _coordinator.Forward(message);

    private sealed record PackageFetched(string Sha256, byte[]? Bytes, string? Problem) : INoSerializationVerificationNeeded;
}
