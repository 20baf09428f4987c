namespace Intellect3.Environments.Verifiers.Text;

/// <summary>Equal stretches of two sequences: <c>a[AStart..AStart+Length]</c> and <c>b[BStart..BStart+Length]</c>.</summary>
public readonly record struct MatchingBlock(int AStart, int BStart, int Length);
