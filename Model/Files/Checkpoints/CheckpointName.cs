using System.Globalization;

namespace Intellect3.Model.Files.Checkpoints;

/// <summary><c>step-N</c> or <c>warmup-N</c>; a warm-up comes before every step, and numbers are compared as numbers.</summary>
public readonly record struct CheckpointName(bool IsStep, int Number)
{
    private const string StepPrefix = "step-";
    private const string WarmUpPrefix = "warmup-";

    /// <summary>Null when it is no such name.</summary>
    public static CheckpointName? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var (prefix, isStep) in (ReadOnlySpan<(string, bool)>)[(StepPrefix, true), (WarmUpPrefix, false)])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && new CheckpointName(isStep, number) is var parsed
                && parsed.ToString() == name)
            {
                return parsed;
            }
        }

        return null;
    }

    /// <summary>A later checkpoint has a larger one.</summary>
    public (bool IsStep, int Number) Order => (IsStep, Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsStep ? StepPrefix : WarmUpPrefix)}{Number}");
}
