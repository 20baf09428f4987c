using System.Text.Json.Serialization;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>An environment version and its share of new prompts, relative to the others'.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Of its package, or <see cref="EnvironmentKey.BuiltIn"/>.</param>
/// <param name="Weight">At least 0; at 0 nothing is drawn from it.</param>
public sealed record CurriculumEntry(string Environment, string Version, string Hash, double Weight)
{
    /// <summary>The environment, to the byte.</summary>
    [JsonIgnore]
    public EnvironmentKey Key => new(Environment, Version, Hash);
}
