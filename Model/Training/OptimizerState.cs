namespace Intellect3.Model.Training;

/// <summary>The state of AdamW over a flat parameter vector.</summary>
/// <param name="Step">Updates applied.</param>
/// <param name="FirstMoment">[parameters]</param>
/// <param name="SecondMoment">[parameters]</param>
public sealed record OptimizerState(long Step, float[] FirstMoment, float[] SecondMoment);
