using Akka.Actor;
using Intellect3.Actors.Administration;

namespace Intellect3.Actors.Messages;

/// <summary>Between whoever watches or steers a run and its coordinator.</summary>
[WireProtocol("run", 1)]
public interface IRunMessage : IWireMessage;

/// <summary>Asks how the run stands; answered by <see cref="RunStatus"/>.</summary>
public sealed record GetRunStatus : IRunMessage;

/// <summary>Stop the run so that it can be resumed: checkpoint, then stage <see cref="RunStage.Stopped"/>.</summary>
public sealed record StopRun(string Reason) : IRunMessage;

/// <summary>To the recorder: pull a payload and append its trace lines. Answered by <see cref="TracesWritten"/>.</summary>
public sealed record WriteTraces(Transport.ContentRef Payload) : INoSerializationVerificationNeeded;

/// <summary>The payload's traces are in the file, or cannot be had.</summary>
public sealed record TracesWritten(string Key) : INoSerializationVerificationNeeded;

/// <summary>To the recorder: append a line to a file of the run directory.</summary>
public sealed record WriteLine(string File, string Line) : INoSerializationVerificationNeeded;

/// <summary>To the recorder: everything before this is on disk once <see cref="Flushed"/> comes back.</summary>
public sealed record FlushFiles : INoSerializationVerificationNeeded;

public sealed record Flushed : INoSerializationVerificationNeeded;
