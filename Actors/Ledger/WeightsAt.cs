using System.Globalization;
using System.Text.Json;

namespace Intellect3.Actors.Ledger;

/// <summary>The weights after a step of warm-up or of reinforcement learning; later ones are greater.</summary>
internal readonly record struct WeightsAt(bool IsReinforcement, int Step) : IComparable<WeightsAt>
{
    public static WeightsAt Read(JsonElement line) => line.Text("phase") switch
    {
        "warmup" => new WeightsAt(IsReinforcement: false, line.Int("step")),
        "reinforcement" => new WeightsAt(IsReinforcement: true, line.Int("step")),
        var phase => throw new IllegalLineException($"there is no phase `{phase}`"),
    };

    /// <summary>The weights that a checkpoint folder's name promises, <c>step-N</c> or <c>warmup-N</c>; null for a folder that is no finished checkpoint.</summary>
    public static WeightsAt? OfFolder(string name) => name.Split('-') switch
    {
        ["step", var step] when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => new WeightsAt(IsReinforcement: true, n),
        ["warmup", var step] when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => new WeightsAt(IsReinforcement: false, n),
        _ => null,
    };

    public int CompareTo(WeightsAt other) => (IsReinforcement, Step).CompareTo((other.IsReinforcement, other.Step));

    public override string ToString() => $"{(IsReinforcement ? "step" : "warm-up step")} {Step}";
}
