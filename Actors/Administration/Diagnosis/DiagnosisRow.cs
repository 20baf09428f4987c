namespace Intellect3.Actors.Administration.Diagnosis;

/// <summary>Something of a run that is under way.</summary>
/// <param name="Subject">What: the trainer, a group, a rollout of a group.</param>
/// <param name="Stage">What it does.</param>
/// <param name="WaitsOn">For whom or what; empty when it only works.</param>
/// <param name="Age">Time in this stage.</param>
/// <param name="Node">Address of its node; empty when it has none.</param>
/// <param name="IsStuck">True when it has been so for longer than anything should.</param>
public sealed record DiagnosisRow(string Subject, string Stage, string WaitsOn, TimeSpan Age, string Node, bool IsStuck);
