namespace Intellect3.Actors.Administration;

/// <summary>Times as people read them in a table.</summary>
internal static class Ages
{
    /// <summary><c>0.4s</c>, <c>59.0s</c>, <c>2m05s</c>, <c>1h02m</c>.</summary>
    public static string Text(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{age.TotalSeconds:0.0}s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes}m{age.Seconds:00}s",
        _ => $"{(int)age.TotalHours}h{age.Minutes:00}m",
    };

    /// <summary>For programs: seconds, to the millisecond.</summary>
    public static double Seconds(TimeSpan age) => Math.Round(age.TotalSeconds, 3);
}
