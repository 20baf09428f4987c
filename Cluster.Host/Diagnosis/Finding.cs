namespace Intellect3.Cluster.Host.Diagnosis;

/// <summary>What a check of the machine found.</summary>
/// <param name="Check">What was looked at, a word.</param>
/// <param name="Status"><see cref="Ok"/>, <see cref="Warn"/> or <see cref="Fail"/>.</param>
/// <param name="Found">What there is.</param>
/// <param name="Remedy">What to do about it; null where nothing need be done.</param>
internal sealed record Finding(string Check, string Status, string Found, string? Remedy = null)
{
    public const string Ok = "ok";

    /// <summary>It works, but worse than it could.</summary>
    public const string Warn = "warn";

    /// <summary>A run will not work.</summary>
    public const string Fail = "fail";
}
