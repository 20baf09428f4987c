using Intellect3.Model.Parameters;

namespace Intellect3.Model.Training;

/// <summary>
/// Hosts all logical shards of a run. A step is computed into pending buffers and takes effect at <see cref="Commit"/>: until then the parameters and
/// optimizer state of the step before stay in place.
/// </summary>
/// <remarks>Called from one thread, the device's; it may use a small fixed team of threads of its own.</remarks>
public interface IPolicyTrainer : IDisposable
{
    ParameterLayout Layout { get; }

    /// <summary>Gradients of all micro-batches, reduction, clipping, optimizer, into pending buffers. Bits depend on the batch, the state and the options alone.</summary>
    /// <param name="batch">At least one sequence with at least one masked token.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <exception cref="InvalidOperationException">A step is pending already.</exception>
    StepResult ComputeStep(TrainingBatch batch, double learningRate);

    /// <summary>Makes the pending step the state.</summary>
    void Commit();

    /// <summary>Drops the pending step, if there is one.</summary>
    void Discard();

    /// <summary>A copy of the committed parameters, owned by the caller.</summary>
    ParameterSet Snapshot();

    /// <summary>A copy of the committed optimizer state.</summary>
    OptimizerState SnapshotOptimizer();

    /// <summary>Replaces parameters and optimizer state (null: fresh moments), dropping a pending step.</summary>
    /// <exception cref="ArgumentException">The layout is another one.</exception>
    void Restore(ParameterSet parameters, OptimizerState? optimizer);
}
