namespace Intellect3.Actors.Coordination;

/// <summary>One attempt at a prompt; late and repeated messages are recognised by it.</summary>
public readonly record struct AttemptKey(long Prompt, int Attempt);
