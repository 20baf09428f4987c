using Akka.Cluster;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary>A member as pbm prints it: <c>akka.tcp://S@host:port | [role,role] | up |  | 1.0.0</c>.</summary>
internal static class NodeLine
{
    public static string Of(Member member, bool isReachable) =>
        $"{member.Address} | [{string.Join(',', member.Roles.Order(StringComparer.Ordinal))}] | {StatusOf(member)} | {(isReachable ? "" : "unreachable")} | {member.AppVersion.Version}";

    public static string StatusOf(Member member) => member.Status.ToString().ToLowerInvariant();
}
