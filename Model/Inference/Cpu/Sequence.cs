using System.Runtime.InteropServices;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>A request while the engine has it: its tokens so far and the cache blocks that hold their keys and values.</summary>
internal sealed class Sequence
{
    private readonly List<int> _tokens;
    private readonly List<float> _logProbabilities = [];
    private readonly List<VersionRun> _versions = [];
    private readonly int _maxTokens;

    /// <summary>A sequence that ends, at the latest, after the request's token limit or at <paramref name="maxPositions"/> tokens in all.</summary>
    public Sequence(GenerationRequest request, int maxPositions)
    {
        Request = request;
        _tokens = [.. request.PromptIds.Span];
        _maxTokens = Math.Min(request.MaxTokens, maxPositions - request.PromptIds.Length);
    }

    public GenerationRequest Request { get; }

    /// <summary>The prompt and what was sampled after it.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public int Sampled => _logProbabilities.Count;

    /// <summary>The cache blocks of its tokens in their order; none while it waits.</summary>
    public List<int> Blocks { get; } = [];

    /// <summary>Tokens whose keys and values are in the cache, or will be after the step being planned.</summary>
    public int Computed { get; set; }

    /// <summary>Its full blocks that others can find.</summary>
    public int Published { get; set; }

    /// <summary>The chain that ends with its last published block.</summary>
    public PrefixChain Chain { get; set; }

    /// <summary>Takes a sampled token, and says how it ends the sequence, if it does.</summary>
    public FinishReason? Append(int token, float logProbability, PolicyVersion version)
    {
        _tokens.Add(token);
        _logProbabilities.Add(logProbability);
        if (_versions.Count > 0 && _versions[^1].Version == version)
        {
            _versions[^1] = _versions[^1] with { Count = _versions[^1].Count + 1 };
        }
        else
        {
            _versions.Add(new VersionRun(version, 1));
        }

        return Request.StopTokenIds.Contains(token) ? FinishReason.Stop : Sampled == _maxTokens ? FinishReason.Length : null;
    }

    public GenerationResult ToResult(FinishReason reason) =>
        new(Request.Id, Tokens[Request.PromptIds.Length..].ToArray(), _logProbabilities, _versions, reason);
}
