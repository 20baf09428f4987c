using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tests.Rewards;

public class MarkedMethodTests
{
    public sealed class WrongResult : EmptyTaskset
    {
        [Reward]
        public int Count() => 1;
    }

    public sealed class WrongParameter : EmptyTaskset
    {
        [Metric]
        public double Count(string text) => text.Length;
    }

    public sealed class TwiceTheSame : EmptyTaskset
    {
        [Reward]
        public double Same(Trace first, Trace second) => first == second ? 1 : 0;
    }

    public sealed class AsyncStop : EmptyTaskset
    {
        [Stop]
        public Task<bool> Done() => Task.FromResult(true);
    }

    public sealed class Generic : EmptyTaskset
    {
        [Reward]
        public double Of<T>() => typeof(T).Name.Length;
    }

    public abstract class HiddenInBase : EmptyTaskset
    {
        [Reward]
#pragma warning disable IDE0051 // Unused is the point: it can never be called.
        private double Hidden() => 1;
#pragma warning restore IDE0051
    }

    public sealed class InheritsHidden : HiddenInBase;

    public sealed class TwoMarks : EmptyTaskset
    {
        [Reward]
        [Metric]
        public double Both() => 1;
    }

    public sealed class SameName : EmptyTaskset
    {
        [Reward]
        public double Score() => 1;

        [Metric]
        public Task<double> ScoreAsync() => Task.FromResult(1.0);
    }

    public sealed class ReservedName : EmptyTaskset
    {
        [Stop]
        public bool MaxTurns() => true;
    }

    public sealed class NoWeight : EmptyTaskset
    {
        [Reward(double.NaN)]
        public double Score() => 1;
    }

    [Theory]
    [InlineData(typeof(WrongResult), "WrongResult.Count", "returns double or Task<double> or ValueTask<double>")]
    [InlineData(typeof(WrongParameter), "WrongParameter.Count", "takes any of TaskData or Trace or CancellationToken")]
    [InlineData(typeof(TwiceTheSame), "TwiceTheSame.Same", "each at most once")]
    [InlineData(typeof(AsyncStop), "AsyncStop.Done", "returns bool")]
    [InlineData(typeof(Generic), "Generic.Of", "not generic")]
    [InlineData(typeof(InheritsHidden), "HiddenInBase.Hidden", "is public")]
    [InlineData(typeof(TwoMarks), "'both'", "one mark")]
    [InlineData(typeof(SameName), "'score'", "a name of its own")]
    [InlineData(typeof(ReservedName), "'max_turns'", "already has a meaning")]
    [InlineData(typeof(NoWeight), "'score'", "finite")]
    public void A_method_that_cannot_be_called_is_refused_with_what_is_allowed(Type type, string names, string allows)
    {
        var taskset = (Taskset)Activator.CreateInstance(type)!;
        var error = Assert.Throws<TasksetException>(() => Scorer.For(taskset));
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
        Assert.Contains(allows, error.Message, StringComparison.Ordinal);
    }

    public abstract class Base : EmptyTaskset
    {
        [Reward(3)]
        public virtual double Score() => 1;

        [Reward]
        public static double Inherited() => 10;
    }

    public sealed class Overrides : Base
    {
        public override double Score() => 2;
    }

    [Fact]
    public async Task Marks_are_inherited_and_an_override_runs_once()
    {
        var taskset = new Overrides();
        var trace = await TestTraces.PlayAndScore(taskset, taskset.GetTask(TaskSplit.Train, 0), "yes");
        Assert.Equal(2, trace.Rewards.Count);
        Assert.Equal(16, trace.Reward);
    }
}
