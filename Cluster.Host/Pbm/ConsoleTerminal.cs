namespace Intellect3.Cluster.Host.Pbm;

/// <summary>The terminal of this process.</summary>
internal sealed class ConsoleTerminal(TextWriter output) : ITerminal
{
    public int Width => Math.Max(20, Console.WindowWidth);

    public bool HasKey => Console.KeyAvailable;

    public ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        return Console.ReadKey(intercept: true);
    }

    public void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }
}
