using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Misbehaving;

/// <summary>Does what the policy's last turn tells it to; its reference answer is what a file beside it says.</summary>
public sealed class MisbehavingTaskset : Taskset
{
    private readonly string _answer = File.Exists(AnswerFile) ? File.ReadAllText(AnswerFile) : "good";

    public override string Name => "misbehaving";

    public override int? HeldOutCount => null;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 3, MaxTokens: 100, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index) => index switch
    {
        404 => throw new KeyNotFoundException("no such task"),
        _ => new TaskData { Key = TaskData.KeyOf(split, index), Prompt = [Message.User("?")], Answer = _answer },
    };

    private static string AnswerFile => Path.Combine(Path.GetDirectoryName(typeof(MisbehavingTaskset).Assembly.Location)!, "answer.txt");

    public override Message? Respond(TaskData task, Trace trace) => LastWord(trace) switch
    {
        "turn throws" => throw new FormatException("cannot hear"),
        "more" => Message.User("yes?"),
        _ => null,
    };

    [Reward]
    public static double Obey(Trace trace)
    {
        switch (LastWord(trace))
        {
            case "throw":
                throw new InvalidOperationException("told to throw");
            case "hang":
                while (true)
                {
                    Thread.SpinWait(1000);
                }

            case "crash":
                Environment.FailFast("told to crash");
                return 0;
            case "exit":
                Environment.Exit(3);
                return 0;
            case "print":
                Console.WriteLine("{\"id\":1}");
                using (var output = Console.OpenStandardOutput())
                {
                    output.Write("no line of the protocol\n"u8);
                }

                return 0.5;
            default:
                return LastWord(trace) == "good" ? 1 : 0;
        }
    }

    [Stop]
    public static bool Enough(Trace trace) => LastWord(trace) == "enough";

    private static string LastWord(Trace trace) => trace.Nodes[^1].Message.Content;
}
