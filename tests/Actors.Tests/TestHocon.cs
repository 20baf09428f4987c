using Akka.Configuration;
using Intellect3.Actors.Serialization;

namespace Intellect3.Actors.Tests;

/// <summary>What every actor system of a test runs with: strict serialization, and every message serialised.</summary>
internal static class TestHocon
{
    public static Config Strict { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serialize-messages = on
          serializers.by-reference = "{{typeof(ByReferenceSerializer).FullName}}, {{typeof(ByReferenceSerializer).Assembly.GetName().Name}}"
          serialization-bindings {
            "Akka.Dispatch.SysMsg.StopChild, Akka" = by-reference
          }
        }
        """).WithFallback(WireSerialization.Hocon);
}
