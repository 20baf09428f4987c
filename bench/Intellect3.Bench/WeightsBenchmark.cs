using System.Diagnostics;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Bench;

/// <summary>Publication of weights to 1, 2, 4 and 8 receivers, all in this process, over its loopback interface: whole and as changes beside a raw socket that hashes, and star against tree with a limited uplink.</summary>
internal static class WeightsBenchmark
{
    private const int Rounds = 7;
    private const double ChangedShare = 0.02;
    private const int LimitedMegabytes = 8;
    private const long UplinkBytesPerSecond = 40_000_000;

    private static readonly int[] Receivers = [1, 2, 4, 8];

    public static async Task RunAsync(int megabytes)
    {
        await BesideRawSocketAsync(Layout(megabytes));
        await StarAndTreeAsync(Layout(LimitedMegabytes));
    }

    private static async Task BesideRawSocketAsync(ParameterLayout layout)
    {
        using var first = Rounded(layout);
        using var second = Changed(first);
        ParameterSet[] versions = [first, second];
        await using var publisher = await WeightsNode.StartAsync(layout, uplink: 0);
        var (_, hashing) = Timed(() => ParameterContent.DigestOf(second));
        var (forth, encoding) = Timed(() => ParameterContent.DeltaBetween(first, second)!);
        byte[][] deltas = [ParameterContent.DeltaBetween(second, first)!, forth];
        var number = 0;
        var whole = publisher.Publish(number, first, null);
        using var raw = new RawSocket(first, ParameterContent.DigestOf(first));
        var megabytes = whole.Content.Length / 1e6;
        Console.WriteLine(string.Create(null, $"{megabytes:0} MB whole, {forth.Length / 1e6:0.0} MB of changes ({ChangedShare:P0} of the bfloat16 values). The publisher hashes for {hashing:0.000} s and looks for changes for {encoding:0.000} s, beside the trainer."));
        Console.WriteLine("receivers   raw socket s (from-to) MB/s   channel s (from-to) MB/s   channel/raw (from-to)   CPU s/GB raw, channel   changes s (from-to)");
        foreach (var count in Receivers)
        {
            var sets = Enumerable.Range(0, count).Select(_ => new ParameterSet(layout)).ToList();
            var fetches = Enumerable.Range(0, count).Select(i => new ParameterFetch(layout, publisher.Channel, new ContentRelay(new NodeAddress($"http://{i}"), TimeSpan.Zero, TimeProvider.System), TimeSpan.Zero)).ToList();
            await Task.WhenAll(fetches.Select(f => FetchAsync(f, whole, [])));
            var (raws, channels, changes, cpu) = (new List<double>(), new List<double>(), new List<double>(), (Raw: 0.0, Channel: 0.0));
            for (var round = -1; round < Rounds; round++)
            {
                var before = Environment.CpuUsage.TotalTime;
                var rawSeconds = Timed(() => raw.Receive(sets));
                var between = Environment.CpuUsage.TotalTime;
                var channelSeconds = await TimedAsync(sets.Select(set => publisher.Channel.PullAsync([whole.Content], TimeSpan.Zero, new ParameterTarget(set), CancellationToken.None)));
                var after = Environment.CpuUsage.TotalTime;
                number++;
                whole = publisher.Publish(number, versions[number % 2], deltas[number % 2]);
                var changesSeconds = await TimedAsync(fetches.Select(f => FetchAsync(f, whole, [])));
                if (round < 0)
                {
                    continue;
                }

                cpu = (cpu.Raw + (between - before).TotalSeconds, cpu.Channel + (after - between).TotalSeconds);
                raws.Add(rawSeconds);
                channels.Add(channelSeconds);
                changes.Add(changesSeconds);
            }

            sets.ForEach(s => s.Dispose());
            fetches.ForEach(f => f.Dispose());
            var ratio = raws.Zip(channels, (r, c) => r / c).ToList();
            var gigabytes = Rounds * count * megabytes / 1000;
            Console.WriteLine(string.Create(null, $"{count,9}   {Spread(raws)} {count * megabytes / Median(raws),6:0}   {Spread(channels)} {count * megabytes / Median(channels),6:0}   {Median(ratio):0.00} ({ratio.Min():0.00}-{ratio.Max():0.00})   {cpu.Raw / gigabytes:0.00}, {cpu.Channel / gigabytes:0.00}   {Spread(changes)}"));
        }
    }

    private static async Task StarAndTreeAsync(ParameterLayout layout)
    {
        Console.WriteLine(string.Create(null, $"\n{LimitedMegabytes} MB, an uplink of {UplinkBytesPerSecond / 1e6:0} MB/s a node"));
        Console.WriteLine("receivers   star s (from-to)   tree s (from-to)");
        using var parameters = Rounded(layout);
        foreach (var count in Receivers)
        {
            var (star, tree) = (new List<double>(), new List<double>());
            for (var round = 0; round < 5; round++)
            {
                star.Add(await LimitedAsync(layout, parameters, count, arity: count));
                tree.Add(await LimitedAsync(layout, parameters, count, arity: ParameterBroadcaster.Arity));
            }

            Console.WriteLine(string.Create(null, $"{count,9}   {Spread(star)}   {Spread(tree)}"));
        }
    }

    private static async Task<double> LimitedAsync(ParameterLayout layout, ParameterSet parameters, int count, int arity)
    {
        await using var publisher = await WeightsNode.StartAsync(layout, UplinkBytesPerSecond);
        var manifest = publisher.Publish(1, parameters, null);
        var nodes = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => WeightsNode.StartAsync(layout, UplinkBytesPerSecond)));
        var distribution = new DistributionTree<WeightsNode>(arity);
        foreach (var node in nodes)
        {
            distribution.Join(node, node.Relay.Node);
        }

        var seconds = await TimedAsync(nodes.Select(n => FetchAsync(n.Fetch, manifest, distribution.AncestorsOf(n))));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        return seconds;
    }

    private static async Task FetchAsync(ParameterFetch fetch, ParameterManifest manifest, IReadOnlyList<NodeAddress> relays)
    {
        var fetched = await fetch.PullAsync(manifest, relays, whole: false, CancellationToken.None);
        await Task.Factory.StartNew(() => fetch.Complete(fetched).Dispose(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A model whose vector has about as many megabytes.</summary>
    private static ParameterLayout Layout(int megabytes) => ParameterLayout.For(new ModelConfig
    {
        ModelType = "llama", VocabularySize = megabytes * 1_000_000 / sizeof(float) / 256, HiddenSize = 256, IntermediateSize = 256, Layers = 1,
        AttentionHeads = 2, KeyValueHeads = 2, HeadDimension = 128, MaxPositions = 16, TieWordEmbeddings = true,
    });

    /// <summary>Random values that are bfloat16 numbers.</summary>
    private static ParameterSet Rounded(ParameterLayout layout)
    {
        var (parameters, random) = (new ParameterSet(layout), new Random(1));
        foreach (ref var value in parameters.Values)
        {
            value = BitConverter.UInt32BitsToSingle((0x3f80u | (uint)random.Next(0x80)) << 16);
        }

        return parameters;
    }

    private static ParameterSet Changed(ParameterSet from)
    {
        var (parameters, random) = (from.Clone(), new Random(2));
        foreach (ref var value in parameters.Values)
        {
            if (random.NextDouble() < ChangedShare)
            {
                value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) ^ 0x0001_0000);
            }
        }

        return parameters;
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> action)
    {
        var started = Stopwatch.GetTimestamp();
        return (action(), Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double Timed(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> TimedAsync(IEnumerable<Task> tasks)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(tasks);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Spread(IReadOnlyList<double> values) => string.Create(null, $"{Median(values):0.000} ({values.Min():0.000}-{values.Max():0.000})");
}
