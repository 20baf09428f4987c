namespace Intellect3.Model.Training;

/// <summary>Which loss a batch is trained with.</summary>
public enum BatchKind
{
    /// <summary>Cross-entropy on the masked tokens.</summary>
    Supervised,

    /// <summary>The run's reinforcement-learning loss.</summary>
    Reinforcement,
}
