namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>What is posted to <see cref="PbmEndpoint.RunPath"/>: the words of a call.</summary>
internal sealed record PbmRequest(string? Palette, string? Command, IReadOnlyList<string>? Arguments);
