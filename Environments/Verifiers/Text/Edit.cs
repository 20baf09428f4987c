namespace Intellect3.Environments.Verifiers.Text;

/// <summary>One step that turns the first sequence into the second (difflib's opcode): <c>a[AStart..AEnd]</c> becomes <c>b[BStart..BEnd]</c>.</summary>
public readonly record struct Edit(EditKind Kind, int AStart, int AEnd, int BStart, int BEnd);
