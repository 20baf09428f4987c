using Intellect3.Actors.Administration;

namespace Intellect3.Cluster.Host.Display;

/// <summary>Shows how a run goes. <see cref="IProgress{T}.Report"/> may come from any thread and returns at once; disposing shows the last status and ends the display.</summary>
internal abstract class RunDisplay : IProgress<RunStatus>, IAsyncDisposable
{
    /// <summary>The display that fits: <c>auto</c> is the live one on a terminal, and plain lines elsewhere or where <c>CI</c> is set.</summary>
    /// <param name="context">Where it writes.</param>
    /// <param name="progress"><c>auto</c>, <c>plain</c> or <c>none</c>.</param>
    /// <param name="output">Plain lines go here: standard output, or standard error when results are JSON.</param>
    public static RunDisplay Create(HostContext context, string progress, TextWriter output) => progress switch
    {
        "none" => new Silent(),
        "auto" when context.IsTerminal && output == context.Output && string.IsNullOrEmpty(context.Variable("CI")) => new LiveDisplay(context),
        _ => new Plain(output),
    };

    public abstract void Report(RunStatus value);

    public abstract ValueTask DisposeAsync();

    private sealed class Silent : RunDisplay
    {
        public override void Report(RunStatus value)
        {
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Plain(TextWriter output) : RunDisplay
    {
        private readonly PlainLines _lines = new();
        private readonly Lock _lock = new();

        public override void Report(RunStatus value)
        {
            lock (_lock)
            {
                if (_lines.Next(value) is { } line)
                {
                    output.WriteLine(line);
                    output.Flush();
                }
            }
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
