using Intellect3.Actors.Transport;
using Intellect3.Actors.Administration;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Asks a coordinator what its run does just now, in more detail than <see cref="GetRunStatus"/>; answered by <see cref="RunActivity"/>.</summary>
public sealed record GetRunActivity : IRunMessage;

/// <summary>What a run does just now.</summary>
public sealed record RunActivity : IRunMessage
{
    public required RunStatus Status { get; init; }

    public required string Directory { get; init; }

    /// <summary>True between <see cref="PauseRun"/> and <see cref="ResumeRun"/>.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Steps of reinforcement learning committed; 0 in warm-up.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of reinforcement learning to take.</summary>
    public required int Steps { get; init; }

    /// <summary>Time since a group or the trainer answered last.</summary>
    public required TimeSpan Quiet { get; init; }

    public required TrainerActivity Trainer { get; init; }

    public required IReadOnlyList<NodeActivity> Nodes { get; init; }

    /// <summary>Those in flight, the longest first; the newest are left out when there are very many.</summary>
    public required IReadOnlyList<GroupActivity> Groups { get; init; }

    /// <summary>How many prompts stand in each state.</summary>
    public required IReadOnlyDictionary<string, int> Prompts { get; init; }
}

/// <param name="Node">Address of the trainer's node; null while there is none.</param>
/// <param name="Work">What it was asked to do and has not answered; null when nothing.</param>
/// <param name="Age">Since when.</param>
/// <param name="Step">The last step that it computed; 0 before the first.</param>
/// <param name="Metrics">Of that step, by prime-rl's names.</param>
public sealed record TrainerActivity(string? Node, string? Work, TimeSpan Age, int Step, IReadOnlyDictionary<string, double> Metrics);

/// <param name="Incarnation">Names the rollout node's process.</param>
/// <param name="Node">Its address.</param>
/// <param name="Slots">Sequences that it runs at once.</param>
/// <param name="Used">Sequences of the groups placed there.</param>
/// <param name="Groups">Groups placed there.</param>
public sealed record NodeActivity(string Incarnation, string Node, int Slots, int Used, int Groups);

/// <param name="Age">Time since it was sent out.</param>
public sealed record GroupActivity(GroupId Id, string Environment, TimeSpan Age);

/// <summary>Start no group and no step until <see cref="ResumeRun"/>; what is in flight ends. Answered by <see cref="RunActivity"/>, or <see cref="RunRefused"/> when the run is over.</summary>
public sealed record PauseRun(string Reason) : IRunMessage;

/// <summary>Go on after <see cref="PauseRun"/>. Answered as that is.</summary>
public sealed record ResumeRun : IRunMessage;

/// <summary>Asks for the accounting of a run; answered by <see cref="LedgerView"/>.</summary>
/// <param name="Lines">How many of the ledger's last lines.</param>
public sealed record GetLedger(int Lines) : IRunMessage;

/// <param name="Prompts">How many prompts stand in each state.</param>
/// <param name="Lines">The last lines of ledger.jsonl, as they are.</param>
public sealed record LedgerView(int Epoch, PolicyVersion Version, int Step, long Drawn, IReadOnlyDictionary<string, int> Prompts, IReadOnlyList<string> Lines) : IRunMessage;

/// <summary>Asks what became of groups; answered by <see cref="GroupNewsList"/>.</summary>
/// <param name="After">News above this number.</param>
/// <param name="Most">At most so many, the newest ones.</param>
public sealed record GetGroupNews(long After, int Most) : IRunMessage;

/// <param name="Last">The number of the newest news.</param>
public sealed record GroupNewsList(IReadOnlyList<GroupNews> News, long Last) : IRunMessage;

/// <summary>An attempt at a group ended.</summary>
/// <param name="Outcome">In a few words.</param>
/// <param name="Reward">Mean of its good rollouts; null without one.</param>
/// <param name="Tokens">Sampled.</param>
/// <param name="Age">From its start to its end.</param>
public sealed record GroupNews(long Number, DateTimeOffset Time, GroupId Id, string Environment, string Outcome, double? Reward, int Tokens, TimeSpan Age);

/// <summary>Asks for the environments of a run; answered by <see cref="EnvironmentList"/>.</summary>
public sealed record GetRunEnvironments : IRunMessage;

public sealed record EnvironmentList(IReadOnlyList<EnvironmentEntry> Environments) : IRunMessage;

/// <param name="Hash">Of the package; empty for one that is built in.</param>
/// <param name="State">In a word: active, validating, draining, withdrawn, quarantined.</param>
/// <param name="Weight">Its share of new groups, relative to the others'.</param>
/// <param name="Drawn">Prompts drawn from it.</param>
/// <param name="InFlight">Groups in flight.</param>
/// <param name="Problem">Why it is not used; null when it is.</param>
public sealed record EnvironmentEntry(string Name, string Version, string Hash, string State, double Weight, long Drawn, int InFlight, string? Problem);

/// <summary>Draw new groups from a package that was pushed. Answered by <see cref="EnvironmentsChanged"/> or <see cref="RunRefused"/>.</summary>
/// <param name="Version">Which; null for the newest.</param>
/// <param name="Weight">Its share of all new groups, from 0 to 1; null keeps the one that an older version has.</param>
public sealed record InjectEnvironment(string Name, string? Version, double? Weight) : IRunMessage;

/// <summary>Change an environment's share of new groups. Answered as <see cref="InjectEnvironment"/> is.</summary>
public sealed record WeightEnvironment(string Name, double Weight) : IRunMessage;

/// <summary>Draw no new groups from an environment; groups in flight end. Answered as <see cref="InjectEnvironment"/> is.</summary>
public sealed record WithdrawEnvironment(string Name) : IRunMessage;

/// <param name="What">What was done, for people.</param>
public sealed record EnvironmentsChanged(string What) : IRunMessage;

/// <summary>From the node that a package was pushed to: keep it where the run is coordinated. Answered by <see cref="PackageKept"/> or <see cref="RunRefused"/>.</summary>
/// <param name="Sha256">The package's hash.</param>
/// <param name="Package">Where its bytes are.</param>
public sealed record KeepPackage(string Sha256, ContentRef Package) : IRunMessage;

public sealed record PackageKept(string Sha256) : IRunMessage;
