namespace Intellect3.Environments.Verifiers.Text;

/// <summary>What an <see cref="Edit"/> does to a stretch of the first sequence.</summary>
public enum EditKind
{
    Equal,
    Replace,
    Delete,
    Insert,
}
