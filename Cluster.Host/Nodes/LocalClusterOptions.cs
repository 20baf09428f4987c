namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A cluster on this machine.</summary>
/// <param name="Trainers">Trainer nodes; those after the first are spares.</param>
/// <param name="Rollouts">Rollout and verifier nodes.</param>
/// <param name="DataDirectory">Each node has a directory of its own in it.</param>
/// <param name="Port">The seed's.</param>
/// <param name="HttpPort">The seed's.</param>
public sealed record LocalClusterOptions(int Trainers, int Rollouts, string DataDirectory, int Port, int HttpPort);
