namespace Intellect3.Actors.Recording;

/// <summary>The files of a run directory.</summary>
public static class RunFiles
{
    public const string Ledger = "ledger.jsonl";
    public const string Metrics = "metrics.jsonl";
    public const string Traces = "traces.jsonl";
    public const string Trained = "trained.jsonl";
    /// <summary>The run's settings; written first.</summary>
    public const string Config = "config.conf";
    public const string Summary = "summary.json";
    public const string Checkpoints = "checkpoints";
    public const string FinalModel = "final";
}
