namespace Intellect3.Kernels.Gemm;

/// <summary>How packed weights are kept. Arithmetic is float32 either way.</summary>
public enum PanelStorage
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>Half the memory traffic; rounded to nearest even at packing.</summary>
    BFloat16,
}
