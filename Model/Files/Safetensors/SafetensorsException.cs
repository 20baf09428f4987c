namespace Intellect3.Model.Files.Safetensors;

/// <summary>A file that is not, or not wholly, a safetensors file; the message names it and says what is wrong.</summary>
public sealed class SafetensorsException(string path, string what, Exception? inner = null) : Exception($"{path}: {what}", inner);
