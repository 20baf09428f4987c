namespace Intellect3.Model.Inference;

/// <summary>What happens to the cache of running sequences when new weights are swapped in.</summary>
public enum KvOnUpdate
{
    /// <summary>Keys and values of the older version stay (INTELLECT-3's way).</summary>
    Keep,

    /// <summary>They are computed again from the tokens with the new weights before the next token is sampled.</summary>
    Recompute,
}
