using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Intellect3.Actors.Serialization;

namespace Intellect3.Actors.Tests;

/// <summary>What every actor system of a test runs with: strict serialization, and every message serialised.</summary>
internal static class TestHocon
{
    /// <summary>For a system without a cluster.</summary>
    public static Config Strict { get; } = Of(typeof(ActorBase).Assembly.GetTypes().Where(t => t.Namespace == "Akka.Dispatch.SysMsg"));

    /// <summary>For a node of a cluster.</summary>
    public static Config StrictCluster { get; } = Of(
        typeof(Akka.Cluster.Cluster).Assembly.GetTypes()
            .Concat(typeof(Akka.Cluster.Tools.PublishSubscribe.DistributedPubSub).Assembly.GetTypes())
            .Concat(typeof(Akka.Cluster.Sharding.ClusterSharding).Assembly.GetTypes())
            .Concat(typeof(Akka.DistributedData.DistributedData).Assembly.GetTypes())
            .Concat(typeof(Akka.Remote.RemoteSettings).Assembly.GetTypes())
            .Concat(typeof(ActorBase).Assembly.GetTypes().Where(t => t.Namespace == "Akka.Dispatch.SysMsg")));

    /// <summary>Akka's own messages within a node go by reference: those of the types given that Akka gave no serializer.</summary>
    private static Config Of(IEnumerable<Type> akkaTypes)
    {
        var bound = new[] { typeof(Akka.Cluster.Cluster), typeof(Akka.Cluster.Tools.PublishSubscribe.DistributedPubSub), typeof(Akka.Cluster.Sharding.ClusterSharding), typeof(Akka.DistributedData.DistributedData), typeof(Akka.Remote.RemoteSettings) }
            .SelectMany(t => t.Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".conf", StringComparison.Ordinal)).Select(n => (t.Assembly, Name: n)))
            .SelectMany(r => BoundIn(ConfigurationFactory.FromResource(r.Name, r.Assembly)))
            .ToList();
        var bindings = akkaTypes
            .Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(t))
            .Where(t => !bound.Exists(b => b.IsAssignableFrom(t)) && t.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null)
            .Select(t => $"\"{t.FullName}, {t.Assembly.GetName().Name}\" = by-reference");
        return ConfigurationFactory.ParseString($$"""
            # Generous: they only bound waits for what will happen.
            akka.test {
              single-expect-default = 20s
              filter-leeway = 20s
              default-timeout = 20s
            }
            akka.actor {
              serialize-messages = on
              serializers.by-reference = "{{typeof(ByReferenceSerializer).FullName}}, {{typeof(ByReferenceSerializer).Assembly.GetName().Name}}"
              serialization-bindings {
                {{string.Join("\n    ", bindings)}}
              }
            }
            """).WithFallback(WireSerialization.Hocon);
    }

    private static IEnumerable<Type> BoundIn(Config reference)
    {
        var bindings = reference.GetConfig("akka.actor.serialization-bindings");
        return bindings is null ? [] : bindings.AsEnumerable().Select(b => Type.GetType(b.Key.Trim('"'))).OfType<Type>().Where(t => t != typeof(object));
    }
}
