namespace Intellect3.Model.Training.Advantages;

/// <summary>Weights of the linear length penalty; the defaults are prime-rl's.</summary>
public sealed record LengthPenalty(double Output = 0.25, double Input = 0.1, double Turns = 0.1);
