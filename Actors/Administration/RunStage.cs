namespace Intellect3.Actors.Administration;

/// <summary>Where a run stands.</summary>
public enum RunStage
{
    Starting,

    /// <summary>Supervised warm-up, probes included.</summary>
    Warmup,

    /// <summary>Evaluation between warm-up and reinforcement learning.</summary>
    EvaluateBefore,
    Reinforcement,
    EvaluateAfter,

    /// <summary>Done: summary and final model are written.</summary>
    Finished,

    /// <summary>Stopped early by its user; it can be resumed.</summary>
    Stopped,
    Failed,
}
