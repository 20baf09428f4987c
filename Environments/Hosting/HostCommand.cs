namespace Intellect3.Environments.Hosting;

/// <summary>How to start a child process that calls <see cref="EnvironmentServer.RunAsync"/>.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its first arguments; <c>--package DIR --socket PATH</c> follow.</param>
public sealed record HostCommand(string FileName, IReadOnlyList<string> Arguments);
