namespace Intellect3.Model.Inference;

/// <summary>How a token is drawn. Applied in the order of transformers: temperature, top-k, top-p, min-p.</summary>
public sealed record SamplingParameters
{
    public static SamplingParameters Default { get; } = new();

    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    /// <summary>0 takes the most likely token (the lowest id of equals).</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keeps the k most likely tokens and every tie of the k-th; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the most likely tokens until their probabilities reach p; 1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keeps tokens at least this times as likely as the most likely one; 0 keeps all.</summary>
    public float MinP { get; init; }

    /// <summary>True when nothing is truncated, which training requires.</summary>
    public bool IsUntruncated => TopK == 0 && TopP >= 1 && MinP <= 0;
}
