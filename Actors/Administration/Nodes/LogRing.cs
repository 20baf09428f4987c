using System.Text.RegularExpressions;
using Intellect3.Actors.Messages;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>The last log entries of a node, in memory. Fed by the node's logging, read by its administrator; any thread may do either.</summary>
/// <param name="capacity">Entries kept.</param>
/// <param name="time">Dates them.</param>
[ProviderAlias("ring")]
public sealed partial class LogRing(int capacity, TimeProvider time) : ILoggerProvider
{
    private const int LongestMessage = 2_000;
    private const int MostCharacters = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogEntry> _entries = new();
    private long _last;

    /// <summary>The run that the node is in: entries carry it from now on.</summary>
    public string? Run { get; set; }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Add(LogEntryLevel level, string actor, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_lock)
        {
            _entries.Enqueue(new LogEntry(++_last, time.GetUtcNow(), level, actor, Run, message.Length > LongestMessage ? message[..LongestMessage] + "..." : message));
            if (_entries.Count > capacity)
            {
                _entries.Dequeue();
            }
        }
    }

    /// <summary>The newest entries that were asked for, oldest first; fewer when their text would be too long for a message.</summary>
    public LogEntries Read(GetLogEntries query)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
        {
            var characters = 0;
            var newest = _entries.Reverse()
                .TakeWhile(e => e.Number > query.After)
                .Where(e => e.Level >= query.Level)
                .Take(query.Most)
                .TakeWhile(e => (characters += e.Message.Length + e.Actor.Length) <= MostCharacters)
                .ToList();
            newest.Reverse();
            return new LogEntries(newest, _last);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Level, time, thread and path, which an entry has already.</summary>
    [GeneratedRegex(@"^\[\w+\]\[[^\]]*\]\[Thread \d+\]\[[^\]]*\] ")]
    private static partial Regex AkkasPrefix();

    [GeneratedRegex("^akka(\\.tcp)?://[^/]*")]
    private static partial Regex Address();

    private sealed class Logger(LogRing ring, string category) : ILogger
    {
        /// <summary>What Akka's logger calls the path of the actor that logs.</summary>
        private const string ActorPath = "ActorPath";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var actor = (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(p => p.Key == ActorPath).Value?.ToString();
            var message = actor is null ? formatter(state, exception) : AkkasPrefix().Replace(formatter(state, exception), "");
            ring.Add(LevelOf(logLevel), actor is null ? category : Address().Replace(actor, ""), exception is null ? message : $"{message}: {exception.Message}");
        }

        private static LogEntryLevel LevelOf(LogLevel level) => level switch
        {
            LogLevel.Trace or LogLevel.Debug => LogEntryLevel.Debug,
            LogLevel.Information => LogEntryLevel.Info,
            LogLevel.Warning => LogEntryLevel.Warning,
            _ => LogEntryLevel.Error,
        };
    }
}
