using Intellect3.Actors.Messages;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>Verified bytes of a version, of which <see cref="ParameterFetch.Complete"/> makes its parameters.</summary>
/// <param name="Manifest">The version.</param>
/// <param name="Whole">The vector, unless only the changes were pulled.</param>
/// <param name="Delta">What changed since the version that the node holds.</param>
/// <param name="Complaints">What went wrong on the way without stopping it.</param>
public sealed record FetchedParameters(ParameterManifest Manifest, ParameterSet? Whole, byte[]? Delta, IReadOnlyList<string> Complaints);
