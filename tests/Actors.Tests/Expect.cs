namespace Intellect3.Actors.Tests;

/// <summary>Bounded waits whose failures name what was awaited.</summary>
internal static class Expect
{
    /// <summary>Generous: it only bounds a wait for something that will happen.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static async Task<T> Of<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Soon);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"expected {what} within {Soon}");
        }
    }

    public static async Task Of(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Soon);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"expected {what} within {Soon}");
        }
    }
}
