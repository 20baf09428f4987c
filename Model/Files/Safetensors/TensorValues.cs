using Intellect3.Model.Parameters;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>The row-major values of a tensor that is being written.</summary>
public delegate ReadOnlySpan<float> TensorValues(TensorSpec tensor);
