using Akka.Event;

namespace Intellect3.Actors.Hosting;

/// <summary>
/// Stands in the place of Akka's logger on standard output. Akka drains into it what its real loggers did not get to when a system ends, whatever the
/// level; standard output belongs to the commands.
/// </summary>
public sealed class NoStandardOutput : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
