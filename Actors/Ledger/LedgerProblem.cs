namespace Intellect3.Actors.Ledger;

/// <summary>Something in a run's files that does not add up.</summary>
/// <param name="File">The file or folder, relative to the run directory.</param>
/// <param name="Line">Its line, from 1; 0 where no single line is to blame.</param>
/// <param name="Message">What is wrong.</param>
public sealed record LedgerProblem(string File, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
