namespace Intellect3.Cluster.Host.Pbm;

/// <summary>A terminal that a user types into.</summary>
public interface ITerminal
{
    /// <summary>Columns.</summary>
    int Width { get; }

    /// <summary>True when a key waits to be read.</summary>
    bool HasKey { get; }

    /// <summary>Waits for a key; nothing is echoed, and Ctrl-C is a key like others.</summary>
    ConsoleKeyInfo ReadKey();

    void Write(string text);
}
