namespace Intellect3.Cluster.Host.Pbm;

/// <summary>What a key did to a line that is being edited.</summary>
internal enum Edit
{
    /// <summary>It goes on, and is drawn anew.</summary>
    Goes,

    /// <summary>It was entered.</summary>
    Entered,

    /// <summary>It was given up; another one begins.</summary>
    GivenUp,

    /// <summary>The user wants to leave.</summary>
    Left,

    /// <summary>Several words fit: <see cref="LineEditor.Candidates"/> are to be shown.</summary>
    Offers,
}
