namespace Intellect3.Model.Inference;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token was sampled.</summary>
    Stop,

    /// <summary>The token limit, or the model's longest sequence, was reached.</summary>
    Length,

    /// <summary>The caller gave it up; the tokens sampled so far are returned.</summary>
    Aborted,
}
