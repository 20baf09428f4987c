using System.Text;
using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Recording;

/// <summary>Writes the line files of a run directory, on a thread of its own (a pinned dispatcher). Pulls the traces of delivered groups over the byte channel. A disk that fails costs lines, never the run.</summary>
public sealed class RunRecorder : ReceiveActor
{
    /// <summary>The pinned dispatcher of whatever writes files, in the node's HOCON.</summary>
    public const string Dispatcher = "intellect3.file-dispatcher";

    private static readonly TimeSpan PullTimeout = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly IByteChannel _channel;
    private readonly Dictionary<string, FileStream> _files = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public RunRecorder(string directory, IByteChannel channel)
    {
        (_directory, _channel) = (directory, channel);
        ReceiveAsync<WriteTraces>(WriteTracesAsync);
        Receive<WriteLine>(write => Append(write.File, [write.Line]));
        Receive<FlushFiles>(_ =>
        {
            Flush(toDisk: true);
            Sender.Tell(new Flushed());
        });
    }

    /// <param name="directory">The run's.</param>
    /// <param name="channel">Where payloads are pulled.</param>
    public static Props Props(string directory, IByteChannel channel) => Akka.Actor.Props.Create(() => new RunRecorder(directory, channel)).WithDispatcher(Dispatcher);

    protected override void PostStop()
    {
        Flush(toDisk: false);
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private async Task WriteTracesAsync(WriteTraces write)
    {
        var requester = Sender;
        try
        {
            using var deadline = new CancellationTokenSource(PullTimeout);
            var payload = PayloadFormat.Read(await _channel.PullBytesAsync(write.Payload, deadline.Token));
            Append(RunFiles.Traces, payload.Rollouts.Select(r => Encoding.UTF8.GetString(r.Trace.Span)));
        }
        catch (Exception exception) when (exception is ContentUnavailableException or InvalidPayloadException or OperationCanceledException)
        {
            _log.Warning("The traces of {0} could not be had: {1}", write.Payload.Key, exception.Message);
        }

        requester.Tell(new TracesWritten(write.Payload.Key));
    }

    private void Append(string name, IEnumerable<string> lines)
    {
        try
        {
            if (!_files.TryGetValue(name, out var file))
            {
                file = new FileStream(Path.Combine(_directory, name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                _files.Add(name, file);
            }

            file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            file.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.Error("Lines of {0} are lost: {1}", Path.Combine(_directory, name), exception.Message);
        }
    }

    private void Flush(bool toDisk)
    {
        foreach (var file in _files.Values)
        {
            try
            {
                file.Flush(toDisk);
            }
            catch (IOException exception)
            {
                _log.Error("{0} could not be flushed: {1}", file.Name, exception.Message);
            }
        }
    }
}
