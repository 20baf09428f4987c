namespace Intellect3.Model.Training.Optimizers;

/// <summary>The constants of AdamW.</summary>
public sealed record AdamWOptions(double Beta1, double Beta2, double Epsilon, double WeightDecay);
