namespace Intellect3.Model.Inference;

/// <summary>Sizes of an engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Sequences that run at once.</summary>
    public int Slots { get; init; } = 64;

    /// <summary>Tokens that the key-value cache holds.</summary>
    public int CacheTokens { get; init; } = 65_536;

    /// <summary>Tokens of a cache block, the unit of prefix sharing; the CPU engine takes multiples of 16.</summary>
    public int BlockTokens { get; init; } = 16;

    /// <summary>The most prompt tokens prefilled in one step, so that running sequences are not held up.</summary>
    public int PrefillTokens { get; init; } = 512;

    /// <summary>The longest sequence, in tokens; the model's own limit where that is lower.</summary>
    public int MaxPositions { get; init; } = int.MaxValue;
}
