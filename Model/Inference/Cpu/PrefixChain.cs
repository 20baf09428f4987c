namespace Intellect3.Model.Inference.Cpu;

/// <summary>
/// Names the content of a run of full blocks from a sequence's first token on: two sequences stand at the same chain when the same weights computed the
/// same tokens in the same blocks.
/// </summary>
/// <param name="Root">The swap of weights it began under; a chain of an older root is shared with nobody.</param>
/// <param name="Tip">The content of its last block; the root itself before the first.</param>
internal readonly record struct PrefixChain(long Root, long Tip);
