namespace Intellect3.Environments.Hosting;

/// <summary>The child process of an environment did not start, ended with a call in its hands, or was ended because it did not answer.</summary>
internal sealed class ChildLostException(string message, bool isRefusal = false) : Exception(message)
{
    /// <summary>True when the child said itself why it will not serve: another start ends the same way.</summary>
    public bool IsRefusal { get; } = isRefusal;
}
