using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Intellect3.Actors.Hosting;

namespace Intellect3.Actors.Tests.Hosting;

public sealed class NodeHoconTests
{
    /// <summary>What is ours, or is optional in Akka.</summary>
    private static readonly string[] NotInReference =
    [
        "akka.actor.serializers.wire",
        "akka.actor.serialization-bindings.",
        "akka.coordinated-shutdown.phases.before-service-unbind.timeout",
    ];

    [Fact]
    public void Every_setting_is_one_that_akka_knows()
    {
        var unknown = Paths(ClusterNode.Hocon).Where(p => !NotInReference.Any(n => p.StartsWith(n, StringComparison.Ordinal)) && !Reference().HasPath(p));

        Assert.Empty(unknown);
    }

    [Fact]
    public void A_setting_that_akka_does_not_know_is_found()
    {
        var config = ConfigurationFactory.ParseString("akka.cluster.failure-detector.acceptable-heartbeat-paws = 1s");

        Assert.Equal(["akka.cluster.failure-detector.acceptable-heartbeat-paws"], Paths(config).Where(p => !Reference().HasPath(p)));
    }

    private static Config Reference() => new[]
    {
        typeof(ActorBase),
        typeof(Akka.Remote.RemoteSettings),
        typeof(Akka.Cluster.Cluster),
        typeof(Akka.Cluster.Tools.PublishSubscribe.DistributedPubSub),
        typeof(Akka.Cluster.Sharding.ClusterSharding),
        typeof(Akka.DistributedData.DistributedData),
    }
    .SelectMany(t => t.Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".conf", StringComparison.Ordinal)).Select(n => ConfigurationFactory.FromResource(n, t.Assembly)))
    .Aggregate((all, config) => all.WithFallback(config));

    private static IEnumerable<string> Paths(Config config) => Paths(config.Root.GetObject(), "").Concat(config.Fallback is { } fallback ? Paths(fallback) : []).Distinct();

    private static IEnumerable<string> Paths(HoconObject node, string prefix) => node.Items.SelectMany(item =>
        item.Value.IsObject() ? Paths(item.Value.GetObject(), $"{prefix}{item.Key}.") : [$"{prefix}{item.Key}"]);
}
