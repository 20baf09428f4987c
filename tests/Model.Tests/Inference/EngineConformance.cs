using Intellect3.Model.Inference;

namespace Intellect3.Model.Tests.Inference;

/// <summary>
/// What every engine must do, against a plain double-precision decoder. An implementation derives from this, and adds what it alone promises.
/// </summary>
public abstract class EngineConformance : EngineTest
{
    public static TheoryData<string> Models => [nameof(TestModels.Qwen3), nameof(TestModels.Llama), nameof(TestModels.Even)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Greedy_tokens_are_the_most_likely_ones(string model)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 1);
        using var engine = Start(config, parameters);
        var requests = Enumerable.Range(0, 5).Select(i => Request(i, TestModels.Prompt(config, 1 + (9 * i), i), 20) with { Sampling = SamplingParameters.Greedy }).ToArray();

        foreach (var (request, result) in requests.Zip(Run(engine, requests)))
        {
            AssertMatchesReference(config, request, result, _ => parameters);
            Assert.Equal(20, result.TokenIds.Count);
            Replay(config, request, result, _ => parameters, (logits, token, _) => Assert.True(logits[token] >= logits.Max() - Tolerance, $"token {token} is not the most likely one"));
        }
    }

    public static TheoryData<string, SamplingParameters> Samplings()
    {
        var data = new TheoryData<string, SamplingParameters>();
        foreach (var model in new[] { nameof(TestModels.Qwen3), nameof(TestModels.Llama) })
        {
            data.Add(model, SamplingParameters.Default);
            data.Add(model, new SamplingParameters { Temperature = 0.6f });
            data.Add(model, new SamplingParameters { Temperature = 1.5f, TopK = 4 });
            data.Add(model, new SamplingParameters { TopP = 0.5f });
            data.Add(model, new SamplingParameters { MinP = 0.3f });
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Sampled_tokens_come_with_the_log_probability_of_the_scaled_untruncated_distribution(string model, SamplingParameters sampling)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 2);
        using var engine = Start(config, parameters);
        var requests = Enumerable.Range(0, 8).Select(i => Request(i, TestModels.Prompt(config, 1 + (3 * i), i), 12) with { Sampling = sampling }).ToArray();

        foreach (var (request, result) in requests.Zip(Run(engine, requests)))
        {
            AssertMatchesReference(config, request, result, _ => parameters);
            Replay(config, request, result, _ => parameters, (logits, token, _) => Assert.True(MayBeKept(logits, token, sampling), $"token {token} should have been truncated away"));
        }
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_likely()
    {
        const int Draws = 4000;
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 3);
        using var engine = Start(config, parameters);
        var prompt = TestModels.Prompt(config, 3, 3);
        var results = Run(engine, [.. Enumerable.Range(0, Draws).Select(i => Request(i, prompt, 1) with { Key = new SamplingKey(7, 11, i) })]);

        var expected = ReferenceDecoder.LogSoftmax(ReferenceDecoder.Logits(config, parameters, prompt), 1);
        for (var token = 0; token < config.VocabularySize; token++)
        {
            var probability = Math.Exp(expected[token]);
            var count = results.Count(r => r.TokenIds[0] == token);
            var deviation = Math.Sqrt(Draws * probability * (1 - probability));
            Assert.True(Math.Abs(count - (Draws * probability)) <= (5 * deviation) + 1, $"token {token} of probability {probability:F4} was drawn {count} times of {Draws}");
        }
    }

    [Fact]
    public void The_key_alone_decides_the_draw()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 4);
        using var engine = Start(config, parameters);
        var prompt = TestModels.Prompt(config, 5, 5);
        var key = new SamplingKey(1, 2, 3);
        SamplingKey[] keys = [key, key, key with { RunSeed = 9 }, key with { Prompt = 9 }, key with { Rollout = 9 }];
        var results = Run(engine, [.. keys.Select((k, i) => Request(i, prompt, 30) with { Key = k })]);

        Assert.Equal(results[0].TokenIds, results[1].TokenIds);
        Assert.Equal(4, results.Select(r => string.Join(' ', r.TokenIds)).Distinct().Count());
    }

    [Fact]
    public void A_stop_token_ends_the_sequence_and_is_part_of_the_result()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 5);
        using var engine = Start(config, parameters);
        var free = Request(0, TestModels.Prompt(config, 4, 1), 25);
        var tokens = Run(engine, free)[0].TokenIds;
        var stop = tokens[6];

        var result = Run(engine, free with { StopTokenIds = [config.VocabularySize - 1 - stop, stop] })[0];

        var length = tokens.TakeWhile(t => t != stop && t != config.VocabularySize - 1 - stop).Count() + 1;
        Assert.Equal(FinishReason.Stop, result.Reason);
        Assert.Equal(tokens.Take(length), result.TokenIds);
        Assert.Equal(length, result.LogProbabilities.Count);
        Assert.Equal([new VersionRun(First, length)], result.Versions);
    }

    [Fact]
    public void A_sequence_ends_at_its_token_limit_and_at_the_longest_length()
    {
        var config = TestModels.Qwen3 with { MaxPositions = 30 };
        using var parameters = TestModels.Parameters(config, 6);
        using var engine = Start(config, parameters);
        using var shorter = Start(config, parameters, new EngineOptions { MaxPositions = 14 });
        var prompt = TestModels.Prompt(config, 10, 1);

        var limited = Run(engine, Request(0, prompt, 7))[0];
        var full = Run(engine, Request(1, prompt, int.MaxValue))[0];
        var fullOfShorter = Run(shorter, Request(2, prompt, 1000))[0];
        var last = Run(engine, Request(3, TestModels.Prompt(config, 29, 1), 1000))[0];

        Assert.Equal([7, 20, 4, 1], new[] { limited, full, fullOfShorter, last }.Select(r => r.TokenIds.Count));
        Assert.All([limited, full, fullOfShorter, last], r => Assert.Equal(FinishReason.Length, r.Reason));
    }

    [Fact]
    public void An_aborted_sequence_returns_what_it_sampled_out_of_the_next_step()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 7);
        using var engine = Start(config, parameters, new EngineOptions { Slots = 1 });
        var running = Request(0, TestModels.Prompt(config, 3, 1), 50);
        var waiting = Request(1, TestModels.Prompt(config, 3, 2), 2);
        var last = Request(2, TestModels.Prompt(config, 3, 3), 2);
        engine.Submit(running);
        engine.Submit(waiting);
        engine.Submit(last);
        var finished = new List<GenerationResult>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(engine.Step(finished));
        }

        Assert.Empty(finished);
        Assert.True(engine.Abort(0));
        Assert.True(engine.Abort(1));
        Assert.False(engine.Abort(1));
        Assert.False(engine.Abort(99));
        Assert.True(engine.Step(finished));

        Assert.Equal([0, 1], finished.Select(r => r.Id).Order());
        Assert.All(finished, r => Assert.Equal(FinishReason.Aborted, r.Reason));
        var cut = finished.Single(r => r.Id == 0);
        Assert.Equal(3, cut.TokenIds.Count);
        AssertMatchesReference(config, running, cut, _ => parameters);
        Assert.Empty(finished.Single(r => r.Id == 1).TokenIds);
        Assert.Empty(finished.Single(r => r.Id == 1).Versions);
        Assert.Equal(2, Finish(engine).Single().Id);
        Assert.False(engine.Abort(2));
    }

    [Fact]
    public void A_freed_slot_is_filled_at_the_next_step()
    {
        const int Slots = 3;
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 8);
        using var engine = Start(config, parameters, new EngineOptions { Slots = Slots });
        int[] lengths = [1, 4, 9, 2, 2, 6, 1, 3];
        var requests = lengths.Select((length, i) => Request(i, TestModels.Prompt(config, 5, i), length)).ToArray();
        foreach (var request in requests)
        {
            engine.Submit(request);
        }

        // Each step samples one token of the first three that are not finished: the schedule is known.
        var remaining = lengths.ToList();
        Assert.Equal((Slots, 0, requests.Length), (engine.Slots, engine.Running, engine.Waiting));
        var finished = new List<GenerationResult>();
        while (remaining.Count > 0)
        {
            for (var i = 0; i < Math.Min(Slots, remaining.Count); i++)
            {
                remaining[i]--;
            }

            var ended = remaining.RemoveAll(left => left == 0);
            var before = finished.Count;
            Assert.Equal(remaining.Count > 0, engine.Step(finished));
            Assert.Equal(ended, finished.Count - before);
            Assert.Equal(remaining.Count, engine.Running + engine.Waiting);
        }

        foreach (var result in finished)
        {
            Assert.Equal(lengths[result.Id], result.TokenIds.Count);
            AssertMatchesReference(config, requests[result.Id], result, _ => parameters);
        }

        Assert.Equal(lengths.Sum(), engine.Statistics.SampledTokens);
        Assert.Equal(0, engine.Statistics.CacheTokensInUse);
    }

    [Theory]
    [InlineData(KvOnUpdate.Keep)]
    [InlineData(KvOnUpdate.Recompute)]
    public void Weights_are_swapped_between_two_tokens_of_a_sequence(KvOnUpdate kvOnUpdate)
    {
        var config = TestModels.Qwen3;
        using var old = TestModels.Parameters(config, 9);
        using var young = TestModels.Parameters(config, 10);
        var factory = CreateFactory(config);
        using var engine = Start(config, old, factory: factory);
        var requests = Enumerable.Range(0, 6).Select(i => Request(i, TestModels.Prompt(config, 2 + (7 * i), i), 6 + i)).ToArray();
        foreach (var request in requests)
        {
            engine.Submit(request);
        }

        var finished = new List<GenerationResult>();
        for (var i = 0; i < 4; i++)
        {
            engine.Step(finished);
        }

        Swap(engine, factory, Second, young, kvOnUpdate);
        Assert.Equal(Second, engine.Version);
        Assert.Equal(6, engine.Running);
        finished.AddRange(Finish(engine));

        foreach (var result in finished)
        {
            Assert.Equal([new VersionRun(First, 4), new VersionRun(Second, result.TokenIds.Count - 4)], result.Versions);
            AssertMatchesReference(config, requests[result.Id], result, i => i < 4 ? old : young, kvOnUpdate);
        }

        Assert.Equal(2, engine.Statistics.WeightSwaps);
    }

    [Theory]
    [InlineData(KvOnUpdate.Keep)]
    [InlineData(KvOnUpdate.Recompute)]
    public void A_new_sequence_never_sees_what_older_weights_computed(KvOnUpdate kvOnUpdate)
    {
        var config = TestModels.Llama;
        using var old = TestModels.Parameters(config, 11);
        using var young = TestModels.Parameters(config, 12);
        var factory = CreateFactory(config);
        using var engine = Start(config, old, new EngineOptions { CacheTokens = 1024 }, factory);
        var prompt = TestModels.Prompt(config, 21, 1);
        Run(engine, Request(0, prompt, 2));
        engine.Submit(Request(1, prompt, 20));
        engine.Step([]);

        Swap(engine, factory, Second, young, kvOnUpdate);
        var later = Request(2, prompt, 30);
        engine.Submit(later);
        var result = Finish(engine).Single(r => r.Id == 2);
        AssertMatchesReference(config, later, result, _ => young);

        // What the sequence of two versions left behind is not shared either.
        var last = Request(3, [.. prompt, .. result.TokenIds], 5);
        AssertMatchesReference(config, last, Run(engine, last)[0], _ => young);
    }

    [Fact]
    public void A_cache_too_small_for_all_holds_nobody_up_for_ever()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 13);
        using var engine = Start(config, parameters, new EngineOptions { Slots = 8, CacheTokens = 96 });
        var requests = Enumerable.Range(0, 12).Select(i => Request(i, TestModels.Prompt(config, 3 + i, i), 30)).ToArray();

        foreach (var (request, result) in requests.Zip(Run(engine, requests)))
        {
            Assert.Equal(30, result.TokenIds.Count);
            AssertMatchesReference(config, request, result, _ => parameters);
        }
    }

    public static TheoryData<string, Func<GenerationRequest, GenerationRequest>, string> InvalidRequests => new()
    {
        { "an empty prompt", r => r with { PromptIds = Array.Empty<int>() }, "at least 1" },
        { "a token of the next vocabulary", r => r with { PromptIds = new[] { 1, 37 } }, "37" },
        { "a negative token", r => r with { PromptIds = new[] { -1 } }, "-1" },
        { "a prompt that fills the model", r => r with { PromptIds = new int[160] }, "159" },
        { "a sequence that the cache cannot hold", r => r with { PromptIds = new int[90], MaxTokens = 60 }, "128" },
        { "no token to sample", r => r with { MaxTokens = 0 }, "at least 1" },
        { "a negative temperature", r => r with { Sampling = new SamplingParameters { Temperature = -0.1f } }, "at least 0" },
        { "a temperature that is no number", r => r with { Sampling = new SamplingParameters { Temperature = float.NaN } }, "at least 0" },
        { "an infinite temperature", r => r with { Sampling = new SamplingParameters { Temperature = float.PositiveInfinity } }, "at least 0" },
        { "a negative top-k", r => r with { Sampling = new SamplingParameters { TopK = -1 } }, "at least 0" },
        { "a top-p of 0", r => r with { Sampling = new SamplingParameters { TopP = 0 } }, "between 0 and 1" },
        { "a top-p above 1", r => r with { Sampling = new SamplingParameters { TopP = 1.1f } }, "between 0 and 1" },
        { "a min-p above 1", r => r with { Sampling = new SamplingParameters { MinP = 1.1f } }, "between 0 and 1" },
        { "a negative min-p", r => r with { Sampling = new SamplingParameters { MinP = -0.1f } }, "between 0 and 1" },
        { "an id that is live", r => r with { Id = 1 }, "1" },
    };

    [Theory]
    [MemberData(nameof(InvalidRequests))]
    public void A_request_that_cannot_be_served_is_refused_and_the_engine_goes_on(string what, Func<GenerationRequest, GenerationRequest> spoil, string named)
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 14);
        using var engine = Start(config, parameters, new EngineOptions { CacheTokens = 128 });
        var good = Request(1, TestModels.Prompt(config, 4, 1), 3);
        engine.Submit(good);

        var refusal = Assert.Throws<InvalidGenerationRequestException>(() => engine.Submit(spoil(Request(2, TestModels.Prompt(config, 4, 2), 3))));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{what}: '{refusal.Message}' does not name '{named}'");
        AssertMatchesReference(config, good, Finish(engine).Single(), _ => parameters);
        Assert.Equal(3, Run(engine, good)[0].TokenIds.Count);
    }

    [Fact]
    public void Without_weights_nothing_steps()
    {
        using var engine = CreateFactory(TestModels.Qwen3).Create(new EngineOptions());
        engine.Submit(Request(1, [1, 2, 3], 2));

        Assert.Null(engine.Version);
        Assert.Throws<InvalidOperationException>(() => engine.Step([]));

        using var parameters = TestModels.Parameters(TestModels.Qwen3, 15);
        Swap(engine, CreateFactory(TestModels.Qwen3), First, parameters, KvOnUpdate.Keep);
        Assert.Equal(2, Finish(engine).Single().TokenIds.Count);
        Assert.False(engine.Step([]));
    }
}
