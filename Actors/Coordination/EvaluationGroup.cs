namespace Intellect3.Actors.Coordination;

/// <summary>A handful of consecutive tasks of an evaluation, each an episode.</summary>
/// <param name="Number">Within the run, never used again.</param>
/// <param name="Environment">Name and version.</param>
/// <param name="TaskIndex">The first task.</param>
/// <param name="Size">Tasks.</param>
/// <param name="Temperature">0 is greedy.</param>
/// <param name="SamplingPrompt">The prompt's part of the sampling keys.</param>
public sealed record EvaluationGroup(long Number, CurriculumEntry Environment, long TaskIndex, int Size, float Temperature, ulong SamplingPrompt);
