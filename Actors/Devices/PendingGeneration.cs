using Akka.Actor;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>A request between its arrival and its one answer. The device's thread and the actor may both try to answer it; the first one does.</summary>
/// <param name="engineId">The id it has in the engine.</param>
/// <param name="requester">Who asked.</param>
/// <param name="request">As it was asked.</param>
internal sealed class PendingGeneration(long engineId, IActorRef requester, GenerationRequest request)
{
    private int _answered;

    public long EngineId => engineId;

    public IActorRef Requester => requester;

    public long RequestId => request.Id;

    /// <summary>The request under the id it has in the engine.</summary>
    public GenerationRequest ForEngine => request with { Id = engineId };

    public void Complete(GenerationResult result, IActorRef engine) => Answer(new Generated(result with { Id = request.Id }), engine);

    public void Fail(GenerationFailure reason, string detail, IActorRef engine) => Answer(new GenerationFailed(request.Id, reason, detail), engine);

    private void Answer(object answer, IActorRef engine)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
        {
            requester.Tell(answer, engine);
        }
    }
}
