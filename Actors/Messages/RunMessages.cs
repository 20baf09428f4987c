using Akka.Actor;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Messages;

/// <summary>Between whoever watches or steers a run and its coordinator.</summary>
[WireProtocol("run", 2)]
public interface IRunMessage : IWireMessage;

/// <summary>Asks how the run stands; answered by <see cref="RunStatus"/>.</summary>
public sealed record GetRunStatus : IRunMessage;

/// <summary>Stop the run so that it can be resumed: checkpoint, then stage <see cref="RunStage.Stopped"/>.</summary>
public sealed record StopRun(string Reason) : IRunMessage;

/// <summary>Start a run, or attach to it if it is the same unfinished one. Answered by <see cref="RunAccepted"/> or <see cref="RunRefused"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">RUNDIR, on the coordinator's machine; relative ones are below its working directory, and an empty one is chosen from the name, below its data directory.</param>
/// <param name="Config">Its config.conf.</param>
public sealed record SubmitRun(string Name, string Directory, string Config) : IRunMessage;

/// <param name="Run">The run that is active now.</param>
/// <param name="Attached">True when it was active, or begun, before.</param>
public sealed record RunAccepted(RunDescriptor Run, bool Attached) : IRunMessage;

/// <summary>A run was not started, and nothing was changed.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Why">Why it is; may be empty.</param>
/// <param name="Remedy">What to do.</param>
public sealed record RunRefused(string What, string Why, string Remedy) : IRunMessage;

/// <summary>Asks the registry for all runs it knows; answered by <see cref="RunList"/>.</summary>
public sealed record GetRuns : IRunMessage;

/// <param name="Runs">Oldest first.</param>
public sealed record RunList(IReadOnlyList<RunEntry> Runs) : IRunMessage;

/// <summary>There is no run to ask about.</summary>
/// <param name="Reason">For people.</param>
public sealed record NoRun(string Reason) : IRunMessage;

/// <summary>From a coordinator to its registry: the run is over, finished, stopped or failed.</summary>
public sealed record RunOver(string Instance, RunStage Stage) : INoSerializationVerificationNeeded;

/// <summary>To the recorder: pull a payload and append its trace lines. Answered by <see cref="TracesWritten"/>.</summary>
public sealed record WriteTraces(Transport.ContentRef Payload) : INoSerializationVerificationNeeded;

/// <summary>The payload's traces are in the file, or cannot be had.</summary>
public sealed record TracesWritten(string Key) : INoSerializationVerificationNeeded;

/// <summary>To the recorder: append a line to a file of the run directory.</summary>
public sealed record WriteLine(string File, string Line) : INoSerializationVerificationNeeded;

/// <summary>To the recorder: everything before this is on disk once <see cref="Flushed"/> comes back.</summary>
public sealed record FlushFiles : INoSerializationVerificationNeeded;

public sealed record Flushed : INoSerializationVerificationNeeded;
