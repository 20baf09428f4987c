namespace Intellect3.Model.Tests.Native;

/// <summary>Tests that compare torch's count of live tensors, which is the whole process's: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(TensorCounts), DisableParallelization = true)]
public sealed class TensorCounts
{
    /// <summary>Tensors alive, without what earlier tests left to the finalizer.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.torch.Tensor.TotalCount;
    }
}
