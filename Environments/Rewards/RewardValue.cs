using System.Text.Json.Serialization;

namespace Intellect3.Environments.Rewards;

/// <summary>A score and its weight. A reward that was not computed is null, which is not 0.</summary>
[method: JsonConstructor]
public readonly record struct RewardValue(double Score, double Weight)
{
    public double Weighted => Score * Weight;
}
