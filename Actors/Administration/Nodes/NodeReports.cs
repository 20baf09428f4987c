using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>Asks the parts of this node, all at once, and puts their answers together.</summary>
internal sealed class NodeReports(ActorSystem system, NodeAdministratorOptions options)
{
    private const string RolloutNodePath = "/user/node/rollout-node";

    private readonly UniqueAddress _self = Cluster.Get(system).SelfUniqueAddress;

    public Address SelfAddress => _self.Address;

    public async Task<NodeReport> MakeAsync(IReadOnlyList<VersionNews> versions)
    {
        var slots = AskAsync<FreeSlots>(RolloutNodePath, new GetFreeSlots());
        var engines = AskAsync<EnginesStatus>(RolloutNodePath, new GetEngineStatus());
        var samples = AskAsync<SampleStoreStatus>(RolloutNodePath, new GetSampleStoreStatus());
        var version = AskAsync<NodeVersion>($"{RolloutNodePath}/parameter-receiver", new GetNodeVersion());
        var environments = AskAsync<EnvironmentStatuses>($"{RolloutNodePath}/environments", new GetEnvironments());
        using var process = Process.GetCurrentProcess();
        return new NodeReport
        {
            Incarnation = GroupSharding.IncarnationOf(_self),
            Machine = Environment.MachineName,
            Process = Environment.ProcessId,
            Uptime = system.Uptime,
            Processors = Environment.ProcessorCount,
            WorkingSet = process.WorkingSet64,
            Slots = await slots,
            Engines = (await engines)?.Engines ?? [],
            Samples = await samples,
            Version = (await version)?.Version,
            Versions = versions,
            Environments = (await environments)?.Environments ?? [],
        };
    }

    /// <summary>Asks a local actor; null when it is not there or silent.</summary>
    public static async Task<T?> AskPartAsync<T>(ActorSystem system, string path, object question, TimeSpan timeout)
        where T : class
    {
        try
        {
            var part = await system.ActorSelection(path).ResolveOne(timeout);
            return await part.Ask<T>(question, timeout);
        }
        catch (Exception exception) when (exception is ActorNotFoundException or AskTimeoutException)
        {
            return null;
        }
    }

    private Task<T?> AskAsync<T>(string path, object question)
        where T : class => AskPartAsync<T>(system, path, question, options.PartTimeout);
}
