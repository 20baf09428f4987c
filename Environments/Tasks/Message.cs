namespace Intellect3.Environments.Tasks;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">The text, exactly as it is rendered.</param>
public sealed record Message(MessageRole Role, string Content)
{
    public static Message System(string content) => new(MessageRole.System, content);

    public static Message User(string content) => new(MessageRole.User, content);

    public static Message Assistant(string content) => new(MessageRole.Assistant, content);
}
