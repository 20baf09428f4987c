using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;
using Intellect3.Model.Rendering;

namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>Plays episodes of one environment on one engine, as many at once as it has slots.</summary>
/// <param name="engine">It has its weights, and nothing else uses it.</param>
/// <param name="renderer">Of the model in it, for this environment.</param>
/// <param name="environment">Whose episodes they are.</param>
/// <param name="sampling">How tokens are drawn.</param>
/// <param name="seed">Of the draws: an episode's tokens depend on it, the prompt and the rollout alone.</param>
internal sealed class EpisodePlayer(IInferenceEngine engine, IRenderer renderer, LocalEnvironment environment, SamplingParameters sampling, ulong seed)
{
    private readonly Dictionary<long, (Episode Episode, EpisodeDriver Driver)> _running = [];

    /// <summary>Plays all of them to their ends. Computes on the caller's thread.</summary>
    /// <returns>The traces, not scored yet, in the order of the episodes; what the engine cannot serve fails its trace.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public IReadOnlyList<Trace> Play(IReadOnlyList<Episode> episodes, CancellationToken stop)
    {
        var traces = new Trace[episodes.Count];
        var finished = new List<GenerationResult>();
        for (var next = 0; next < episodes.Count || _running.Count > 0;)
        {
            stop.ThrowIfCancellationRequested();
            while (next < episodes.Count && _running.Count < engine.Slots)
            {
                traces[next] = Start(next, episodes[next]);
                next++;
            }

            engine.Step(finished);
            finished.ForEach(Continue);
            finished.Clear();
        }

        return traces;
    }

    private Trace Start(long id, Episode episode)
    {
        var prompt = renderer.Render([.. episode.Task.Prompt.Select(Rendered)]);
        var driver = EpisodeDriver.Start(environment.Limits, episode.Task, [.. prompt.Select(message => message.TokenIds)]);
        Submit(id, episode, driver);
        return driver.Trace;
    }

    private void Continue(GenerationResult result)
    {
        _running.Remove(result.Id, out var running);
        var (episode, driver) = running;
        var turn = new PolicyTurn(
            renderer.ParseResponse(result.TokenIds),
            result.TokenIds,
            result.LogProbabilities,
            [.. result.Versions.Select(run => new PolicySpan(run.Version.Lineage, run.Version.Number, run.Count))],
            Truncated: result.Reason != FinishReason.Stop);
        if (driver.Take(turn) && driver.Conclude(environment.AfterTurn(episode.Task, driver.Trace, driver.MayReply)) is { } reply)
        {
            driver.AddReply(renderer.BridgeToNextTurn(result.TokenIds, [Rendered(reply)]));
            Submit(result.Id, episode, driver);
        }
    }

    private void Submit(long id, Episode episode, EpisodeDriver driver)
    {
        try
        {
            engine.Submit(new GenerationRequest
            {
                Id = id,
                PromptIds = driver.PrefixIds(),
                MaxTokens = driver.RemainingTokens,
                StopTokenIds = renderer.StopTokenIds,
                Sampling = sampling,
                Key = new SamplingKey(seed, episode.Prompt, episode.Rollout),
            });
            _running.Add(id, (episode, driver));
        }
        catch (InvalidGenerationRequestException e)
        {
            driver.Trace.Fail(TraceError.From(Boundary.Provider, "engine", e));
        }
    }

    private static (string Role, string Content) Rendered(Message message) => (message.Role.ToString().ToLowerInvariant(), message.Content);
}
