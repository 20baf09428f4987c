namespace Intellect3.Actors.Ledger;

/// <summary>A line that says something it must not; caught by whoever reads the file.</summary>
internal sealed class IllegalLineException(string message) : Exception(message)
{
    public static void Unless(bool condition, string message)
    {
        if (!condition)
        {
            throw new IllegalLineException(message);
        }
    }
}
