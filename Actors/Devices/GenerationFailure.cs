namespace Intellect3.Actors.Devices;

/// <summary>Why a request got no result.</summary>
public enum GenerationFailure
{
    /// <summary>The engine cannot serve the request as it is; asking again does not help.</summary>
    InvalidRequest,

    /// <summary>Too many requests wait already.</summary>
    Busy,

    /// <summary>The engine failed, or the node has none. Another engine can resume from the tokens that are known.</summary>
    EngineLost,
}
