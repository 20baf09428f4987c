namespace Intellect3.Model.Inference;

/// <summary>
/// A version of the policy. Lineage 0 is supervised warm-up, where the number counts its steps; reinforcement learning starts lineage 1 at
/// number 0, the base of training, and a rollback opens the next lineage.
/// </summary>
public readonly record struct PolicyVersion(int Lineage, int Number) : IComparable<PolicyVersion>
{
    public int CompareTo(PolicyVersion other) => Lineage != other.Lineage ? Lineage.CompareTo(other.Lineage) : Number.CompareTo(other.Number);

    public static bool operator <(PolicyVersion left, PolicyVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(PolicyVersion left, PolicyVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(PolicyVersion left, PolicyVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PolicyVersion left, PolicyVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Lineage}.{Number}";
}
