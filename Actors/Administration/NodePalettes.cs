using Akka.Actor;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Administration.Palettes;

namespace Intellect3.Actors.Administration;

/// <summary>Makes a node one that people can ask.</summary>
public static class NodePalettes
{
    /// <summary>Starts the node's administrator and makes its palettes, which answer for the whole cluster.</summary>
    /// <param name="palettes">Takes them.</param>
    /// <param name="system">The node's; a member of a cluster.</param>
    /// <param name="runs">The registry of runs, or its proxy.</param>
    /// <param name="options">What the administrator is given.</param>
    public static PaletteRegistry Start(PaletteRegistry palettes, ActorSystem system, IActorRef runs, NodeAdministratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        ArgumentNullException.ThrowIfNull(system);
        system.ActorOf(NodeAdministrator.Props(options), NodeAdministrator.ActorName);
        var nodes = new ClusterNodes(system);
        var run = new ActiveRun(runs, nodes);
        return palettes
            .Register(new RunPalette(nodes, run))
            .Register(new RolloutPalette(run))
            .Register(new TrainerPalette(run))
            .Register(new WeightsPalette(nodes))
            .Register(new EnvironmentPalette(nodes, run))
            .Register(new DevicePalette(nodes))
            .Register(new ClusterPalette(nodes))
            .Register(new ShardingPalette(nodes))
            .Register(new ActorPalette(nodes))
            .Register(new LogPalette(nodes));
    }
}
