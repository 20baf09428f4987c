namespace Intellect3.Environments.Tasks;

/// <summary>Who speaks in a conversation. The policy only ever speaks as <see cref="Assistant"/>.</summary>
public enum MessageRole
{
    System,
    User,
    Assistant,
    Tool,
}
