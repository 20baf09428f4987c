using Intellect3.Model.Inference;

namespace Intellect3.Cluster.Host.Tests.Evaluation;

/// <summary>An engine that answers a prompt with what a function says, one request a step.</summary>
internal sealed class ScriptedEngine(Func<GenerationRequest, int[]> answer, int slots = 2) : IInferenceEngine
{
    private readonly Queue<GenerationRequest> _requests = new();

    public List<GenerationRequest> Seen { get; } = [];

    public PolicyVersion? Version => new PolicyVersion(0, 0);

    public int Slots => slots;

    public int Running => _requests.Count;

    public int Waiting => 0;

    public EngineStatistics Statistics => default;

    public void Submit(GenerationRequest request)
    {
        if (request.PromptIds.Length > 60)
        {
            throw new InvalidGenerationRequestException("too long");
        }

        Assert.True(_requests.Count < slots, "More requests than slots.");
        Seen.Add(request);
        _requests.Enqueue(request);
    }

    public bool Abort(long id) => false;

    public void SetWeights(IEngineWeights weights, KvOnUpdate kvOnUpdate)
    {
    }

    public bool Step(ICollection<GenerationResult> finished)
    {
        if (_requests.TryDequeue(out var request))
        {
            var tokens = answer(request);
            var reason = request.StopTokenIds.Contains(tokens[^1]) ? FinishReason.Stop : FinishReason.Length;
            finished.Add(new GenerationResult(request.Id, tokens, new float[tokens.Length], [new VersionRun(new PolicyVersion(0, 0), tokens.Length)], reason));
        }

        return _requests.Count > 0;
    }

    public void Dispose()
    {
    }
}
