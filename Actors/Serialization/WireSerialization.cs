using Akka.Configuration;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Serialization;

/// <summary>The HOCON that binds <see cref="WireSerializer"/> and shuts every other door. Akka's serializers of its own messages stay as they are.</summary>
public static class WireSerialization
{
    public static Config Hocon { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            json = "{{NameOf<RejectSerializer>()}}"
            wire = "{{NameOf<WireSerializer>()}}"
          }
          serialization-bindings {
            "{{NameOf<IWireMessage>()}}" = wire
          }
          serialization-settings.allow-unregistered-types = off
        }
        """);

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
