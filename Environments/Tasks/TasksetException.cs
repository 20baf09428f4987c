namespace Intellect3.Environments.Tasks;

/// <summary>A task set is not written as a task set must be; the message says what is wrong and what is allowed. For its author to mend.</summary>
public sealed class TasksetException(string message) : Exception(message);
