namespace Intellect3.Environments.Packages;

/// <summary>A package cannot be used; the message says what is wrong with it and what to do.</summary>
public sealed class PackageException(string message, Exception? inner = null) : Exception(message, inner);
