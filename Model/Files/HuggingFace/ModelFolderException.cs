namespace Intellect3.Model.Files.HuggingFace;

/// <summary>A folder that does not hold a model we can run: the message names the folder, what is wrong and what to do.</summary>
public sealed class ModelFolderException(string folder, string what, Exception? inner = null) : Exception($"model folder {folder}: {what}", inner);
