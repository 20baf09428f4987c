using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace Intellect3.Actors.Tests;

/// <summary>A cluster of one node that has every role, as a laptop run is.</summary>
public abstract class ClusterTestKit : TestKit, IAsyncLifetime
{
    private static readonly Config ClusterOfOne = ConfigurationFactory.ParseString("""
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
          }
          cluster.roles = [coordinator, trainer, rollout, verifier]
        }
        """);

    protected ClusterTestKit()
        : base(ClusterOfOne.WithFallback(TestHocon.StrictCluster))
    {
    }

    /// <summary>Returns when the node is up.</summary>
    public async Task InitializeAsync()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cluster = Cluster.Get(Sys);
        cluster.RegisterOnMemberUp(up.SetResult);
        cluster.Join(cluster.SelfAddress);
        await Expect.Of(up.Task, "the cluster of one to be up");
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
