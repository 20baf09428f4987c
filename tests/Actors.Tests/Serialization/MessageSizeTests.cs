using Akka.TestKit.Xunit2;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Serialization;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Serialization;

/// <summary>The messages that a large run makes largest: what has tokens in it must not grow with them.</summary>
public sealed class MessageSizeTests() : TestKit(TestHocon.Strict)
{
    private const int PromptTokens = 16_384;

    [Fact]
    public void A_delivered_group_of_sixteen_rollouts_with_prompts_of_16k_tokens_is_small()
    {
        var rollouts = Enumerable.Range(0, 16).Select(_ => GroupAssembly.Summarise(LongTrace())).ToList();
        Assert.All(rollouts, r => Assert.True(r.TotalTokens > PromptTokens));

        Assert.InRange(BytesOf(new GroupDelivered(Id, 1, rollouts, Payload(0))), 1, 8 * 1024);
    }

    [Fact]
    public void A_batch_of_256_groups_fits()
    {
        var members = Enumerable.Range(0, 256).Select(i => new BatchMember(1_000_000_000L + i, 7, Payload(i))).ToList();

        Assert.InRange(BytesOf(new PrepareStep(12, RunPhase.Reinforcement, 100_000, members)), 1, WireSerializer.MaxMessageBytes - 1);
    }

    [Fact]
    public void The_start_of_a_group_names_its_task_and_carries_no_text() => Assert.InRange(
        BytesOf(new StartGroup(Id, 1, "Clock", "1.0.0", new string('a', 64), TaskSplit.Train, long.MaxValue, 0, 16, 1, ulong.MaxValue, new PolicyVersion(1, 9), TestActor)), 1, 2 * 1024);

    private static GroupId Id => new("127.0.0.1_65535_2147483647", GroupPurpose.Training, long.MaxValue, 100);

    private static ContentRef Payload(int i) => new(new NodeAddress("http://a-node-with-a-rather-long-name.example:65535"), $"samples/12-prompt-{1_000_000_000L + i}-7", 1L << 20, new ContentHash(ulong.MaxValue, ulong.MaxValue));

    private static Trace LongTrace()
    {
        var trace = new Trace();
        trace.Add(new MessageNode { Parent = -1, Message = Message.User("?"), Sampled = false, TokenIds = new int[PromptTokens] });
        trace.Add(new MessageNode
        {
            Parent = 0,
            Message = Message.Assistant("!"),
            Sampled = true,
            TokenIds = [1, 2],
            Mask = [true, true],
            LogProbabilities = [-1f, -2f],
            Versions = [new PolicySpan(1, 4, 2)],
        });
        trace.DeclareReward("exact");
        trace.RecordReward("exact", 1, 1);
        return trace;
    }

    private int BytesOf(object message)
    {
        var serializer = Sys.Serialization.FindSerializerFor(message);
        Assert.IsType<WireSerializer>(serializer);
        return serializer.ToBinary(message).Length;
    }
}
