namespace Intellect3.Model.Inference;

/// <summary>
/// A continuous-batching engine: token in, token out. A freed slot is filled at the next step while requests wait; sequences are independent to the
/// last bit of how they are batched (the CPU engine) or to a tolerance (the torch engine).
/// </summary>
/// <remarks>Every member but <see cref="Statistics"/> is called from one thread, the device's.</remarks>
public interface IInferenceEngine : IDisposable
{
    /// <summary>The version that the next step samples from; null before the first <see cref="SetWeights"/>.</summary>
    PolicyVersion? Version { get; }

    /// <summary>Sequences that can run at once.</summary>
    int Slots { get; }

    /// <summary>Sequences that hold a slot.</summary>
    int Running { get; }

    /// <summary>Sequences that wait for one.</summary>
    int Waiting { get; }

    /// <summary>Counters since the start; any thread may read them.</summary>
    EngineStatistics Statistics { get; }

    /// <summary>Queues a request.</summary>
    /// <exception cref="InvalidGenerationRequestException">The request cannot be served as it is: empty prompt, token outside the vocabulary, longer than the model or the cache, a repeated id, an impossible sampling parameter.</exception>
    void Submit(GenerationRequest request);

    /// <summary>Ends a request; its result, with what was sampled, comes out of the next <see cref="Step"/>. False when it is not known (any more).</summary>
    bool Abort(long id);

    /// <summary>Swaps the weights between two steps. Running sequences go on; new ones never attend to an older version's cached prefix. Takes a reference of its own.</summary>
    void SetWeights(IEngineWeights weights, KvOnUpdate kvOnUpdate);

    /// <summary>One step: admits what waits, prefills, samples one token of every running sequence whose prefix is in the cache. Adds the sequences that ended to <paramref name="finished"/>.</summary>
    /// <returns>True when there is more to do.</returns>
    /// <exception cref="InvalidOperationException">No weights were set.</exception>
    bool Step(ICollection<GenerationResult> finished);
}
