namespace Intellect3.Model.Rendering;

/// <summary>The tokens that a message adds to what came before it.</summary>
/// <param name="Index">The message's place in the list that was rendered.</param>
/// <param name="TokenIds">Its tokens, framing included.</param>
public sealed record RenderedMessage(int Index, IReadOnlyList<int> TokenIds);
