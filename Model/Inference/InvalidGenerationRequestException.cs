namespace Intellect3.Model.Inference;

/// <summary>A request that the engine cannot serve as it is; the engine goes on.</summary>
public sealed class InvalidGenerationRequestException(string message) : Exception(message);
