using System.Text.Json.Serialization;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>What a prompt is drawn from: a task of a version of an environment.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Of its package, or <see cref="EnvironmentKey.BuiltIn"/>.</param>
/// <param name="TaskIndex">The task.</param>
public sealed record PromptSource(string Environment, string Version, string Hash, long TaskIndex)
{
    /// <summary>The environment, to the byte.</summary>
    [JsonIgnore]
    public EnvironmentKey Key => new(Environment, Version, Hash);
}
