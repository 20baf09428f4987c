using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Tests.Inference;

/// <summary>What tests of an engine share: making one, running it, and holding its results against a plain double-precision decoder.</summary>
public abstract class EngineTest
{
    protected static readonly PolicyVersion First = new(1, 0);
    protected static readonly PolicyVersion Second = new(1, 1);

    /// <summary>The largest difference from the reference's log-probabilities.</summary>
    protected virtual double Tolerance => 1e-4;

    protected abstract IEngineFactory CreateFactory(ModelConfig config);

    protected static GenerationRequest Request(long id, int[] prompt, int maxTokens) =>
        new() { Id = id, PromptIds = prompt, MaxTokens = maxTokens, Key = new SamplingKey(42, (ulong)id, 0) };

    /// <summary>An engine that samples from <paramref name="parameters"/> as version <see cref="First"/>.</summary>
    protected IInferenceEngine Start(ModelConfig config, ParameterSet parameters, EngineOptions? options = null, IEngineFactory? factory = null)
    {
        factory ??= CreateFactory(config);
        var engine = factory.Create(options ?? new EngineOptions { CacheTokens = 4096 });
        Swap(engine, factory, First, parameters, KvOnUpdate.Keep);
        return engine;
    }

    /// <summary>Swaps weights as the device does: its own reference is gone before the engine's next step.</summary>
    protected static void Swap(IInferenceEngine engine, IEngineFactory factory, PolicyVersion version, ParameterSet parameters, KvOnUpdate kvOnUpdate)
    {
        using var weights = factory.Prepare(version, parameters);
        engine.SetWeights(weights, kvOnUpdate);
    }

    /// <summary>Submits all and gives their results in the order of the requests.</summary>
    protected static GenerationResult[] Run(IInferenceEngine engine, params GenerationRequest[] requests)
    {
        foreach (var request in requests)
        {
            engine.Submit(request);
        }

        var results = Finish(engine).ToDictionary(r => r.Id);
        Assert.Equal(requests.Length, results.Count);
        return [.. requests.Select(r => results[r.Id])];
    }

    /// <summary>Steps until there is nothing more to do, or fails: no test needs this many steps.</summary>
    protected static List<GenerationResult> Finish(IInferenceEngine engine)
    {
        var finished = new List<GenerationResult>();
        for (var steps = 0; engine.Step(finished); steps++)
        {
            Assert.True(steps < 20_000, $"the engine still has {engine.Running} running and {engine.Waiting} waiting sequences after {steps} steps");
        }

        return finished;
    }

    /// <summary>Holds every log-probability against the reference. <paramref name="parametersOf"/> gives the parameters that sampled token i.</summary>
    protected void AssertMatchesReference(ModelConfig config, GenerationRequest request, GenerationResult result, Func<int, ParameterSet> parametersOf, KvOnUpdate kvOnUpdate = KvOnUpdate.Keep)
    {
        Assert.Equal(result.TokenIds.Count, result.LogProbabilities.Count);
        Assert.Equal(result.TokenIds.Count, result.Versions.Sum(v => v.Count));
        Replay(config, request, result, parametersOf, (logits, token, i) =>
        {
            var expected = ReferenceDecoder.LogSoftmax(logits, request.Sampling.Temperature)[token];
            Assert.True(Math.Abs(expected - result.LogProbabilities[i]) <= Tolerance, $"request {request.Id}, token {i}: log-probability {result.LogProbabilities[i]}, the reference has {expected}");
        }, kvOnUpdate);
    }

    /// <summary>Gives the reference's logits for each sampled token to <paramref name="check"/>, with the token and its index.</summary>
    protected static void Replay(
        ModelConfig config,
        GenerationRequest request,
        GenerationResult result,
        Func<int, ParameterSet> parametersOf,
        Action<double[], int, int> check,
        KvOnUpdate kvOnUpdate = KvOnUpdate.Keep)
    {
        int[] prompt = [.. request.PromptIds.Span];
        var reference = new ReferenceDecoder(config);
        var logits = Array.Empty<double>();
        for (var i = 0; i < result.TokenIds.Count; i++)
        {
            var parameters = parametersOf(i);
            var isSwapped = i > 0 && parameters != parametersOf(i - 1);
            if (i == 0 || (isSwapped && kvOnUpdate == KvOnUpdate.Recompute))
            {
                reference = new ReferenceDecoder(config);
                foreach (var token in prompt)
                {
                    logits = reference.Append(parameters, token);
                }

                foreach (var token in result.TokenIds.Take(i))
                {
                    logits = reference.Append(parameters, token);
                }
            }
            else
            {
                logits = reference.Append(parameters, result.TokenIds[i - 1]);
            }

            check(logits, result.TokenIds[i], i);
        }
    }

    /// <summary>Whether truncation may have kept the token; one at the very edge may fall on either side.</summary>
    protected static bool MayBeKept(double[] logits, int token, SamplingParameters sampling)
    {
        const double Edge = 1e-3;
        var probabilities = Array.ConvertAll(ReferenceDecoder.LogSoftmax(logits, sampling.Temperature), Math.Exp);
        var more = probabilities.Where(p => p > probabilities[token]).ToArray();
        return (sampling.TopK == 0 || probabilities.Count(p => p > probabilities[token] + Edge) < sampling.TopK)
            && more.Sum() < sampling.TopP + Edge
            && probabilities[token] >= (sampling.MinP * probabilities.Max()) - Edge;
    }
}
