namespace Intellect3.Actors.Ledger;

/// <summary>There is no ledger to check where one was looked for.</summary>
public sealed class LedgerNotFoundException(string runDirectory)
    : Exception($"'{runDirectory}' has no {LedgerChecker.LedgerFile}. Name the directory of a run (the --run-dir it was started with).");
