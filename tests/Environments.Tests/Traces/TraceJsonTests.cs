using System.Text.Json;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tests.Traces;

public class TraceJsonTests
{
    private static Trace Example()
    {
        var trace = new Trace { StopCondition = "found" };
        trace.Add(new MessageNode { Parent = -1, Message = Message.User("?"), Sampled = false, TokenIds = [5] });
        trace.Add(new MessageNode
        {
            Parent = 0,
            Message = Message.Assistant("<r>\"é\n"),
            Sampled = true,
            TokenIds = [1, 2],
            Mask = [true, false],
            LogProbabilities = [-0.1f, -1e-7f],
            Versions = [new PolicySpan(0, 3, 1), new PolicySpan(1, 2, 1)],
        });
        trace.DeclareReward("missing");
        trace.RecordReward("exact", 0.1, 2);
        trace.RecordMetric("success", 1);
        return trace;
    }

    [Fact]
    public void A_trace_is_one_legible_line()
    {
        const string Expected =
            """{"stop_condition":"found","rewards":{"exact":{"score":0.1,"weight":2},"missing":null},"metrics":{"success":1},"errors":[],"nodes":["""
            + """{"parent":-1,"message":{"role":"user","content":"?"},"sampled":false,"token_ids":[5],"mask":[],"logprobs":[],"versions":[]},"""
            + """{"parent":0,"message":{"role":"assistant","content":"<r>\"é\n"},"sampled":true,"token_ids":[1,2],"mask":[true,false],"logprobs":[-0.1,-1E-07],"versions":[[0,3,1],[1,2,1]]}]}""";
        Assert.Equal(Expected, TraceJson.Write(Example()));
    }

    [Fact]
    public void Reading_gives_back_what_was_written()
    {
        var failed = Example();
        failed.StopCondition = null;
        failed.Fail(new TraceError(Boundary.Verifier, "exact", "FormatException: no"));
        foreach (var trace in new[] { Example(), failed, new Trace() })
        {
            var read = TraceJson.Read(TraceJson.Write(trace));
            Assert.Equal(TraceJson.Write(trace), TraceJson.Write(read));
            Assert.Equal(trace.Rewards, read.Rewards);
            Assert.Equal(trace.Errors, read.Errors);
            Assert.Equal(trace.StopCondition, read.StopCondition);
            Assert.Equal(trace.Nodes.SelectMany(n => n.LogProbabilities), read.Nodes.SelectMany(n => n.LogProbabilities));
            Assert.Equal(trace.Nodes.SelectMany(n => n.Versions), read.Nodes.SelectMany(n => n.Versions));
        }
    }

    [Fact]
    public void An_episode_line_is_flat_and_begins_with_whose_it_is()
    {
        var trace = Example();
        trace.RecordReward("missing", 1, 0.5);
        var line = new EpisodeLine { Env = "guess", EnvVersion = "1.0.0", EnvHash = "built-in", Task = "train/7", Group = 12, Attempt = 1, Rollout = 3, Step = 4, Trace = trace };
        Assert.StartsWith(
            """{"env":"guess","env_version":"1.0.0","env_hash":"built-in","task":"train/7","group":12,"attempt":1,"rollout":3,"step":4,"reward":0.7,"stop_condition":"found",""", line.Write(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line.Write());
        Assert.Equal(line.Write(), EpisodeLine.Read(line.Write()).Write());
    }

    [Fact]
    public void A_line_without_a_step_leaves_it_out_and_a_failed_trace_has_no_reward()
    {
        var line = new EpisodeLine { Env = "guess", Task = "train/7", Group = 12, Attempt = 0, Rollout = 0, Trace = Example() }.Write();
        Assert.DoesNotContain("\"step\"", line, StringComparison.Ordinal);
        Assert.Contains("\"reward\":null", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"stop_condition":null,"rewards":{"a":{"weight":1}},"metrics":{},"errors":[],"nodes":[]}""")]
    [InlineData("""{"stop_condition":null,"rewards":{},"metrics":{},"errors":[{"boundary":"nowhere","source":"","message":""}],"nodes":[]}""")]
    [InlineData("""{"stop_condition":null,"rewards":{},"metrics":{},"errors":[],"nodes":[{"parent":0,"message":{"role":"user","content":""},"sampled":false,"token_ids":[]}]}""")]
    [InlineData("""{"stop_condition":null,"rewards":{},"metrics":{},"errors":[],"nodes":[{"parent":-1,"message":{"role":"user","content":""},"sampled":true,"token_ids":[1],"versions":[[1,1]]}]}""")]
    public void What_is_no_trace_is_a_json_error(string json) => Assert.Throws<JsonException>(() => TraceJson.Read(json));
}
