namespace Intellect3.Model.Training.Losses;

/// <summary>Which tokens the KL term of <see cref="IcePopLoss"/> covers.</summary>
public enum IcePopKlMask
{
    All,

    /// <summary>Only tokens that were dropped.</summary>
    Masked,

    /// <summary>Only tokens that were kept.</summary>
    Unmasked,
}
