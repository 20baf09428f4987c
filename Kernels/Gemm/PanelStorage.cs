namespace Intellect3.Kernels.Gemm;

/// <summary>How packed weights are kept. Arithmetic is float32 either way.</summary>
public enum PanelStorage
{
    Single,

    /// <summary>Half the memory traffic; rounded to nearest even at packing.</summary>
    BFloat16,
}
