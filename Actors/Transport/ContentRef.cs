namespace Intellect3.Actors.Transport;

/// <summary>What an actor message carries in the place of bytes: where they are, how many, and the hash that the pulled bytes must have.</summary>
/// <param name="Node">The node that serves them.</param>
/// <param name="Key">Their name on that node: <c>source/rest</c>.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Hash">The <see cref="ContentDigest.Root"/> of the content.</param>
public sealed record ContentRef(NodeAddress Node, string Key, long Length, ContentHash Hash);
