using Akka.Actor;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>From the trainer, on its node: publish a committed version. The broadcaster takes over the sender's reference. Answered by <see cref="ParametersPublished"/>.</summary>
public sealed record PublishParameters(PolicyVersion Version, ParameterSet Parameters) : INoSerializationVerificationNeeded;

/// <summary>The version can be pulled, and was announced.</summary>
public sealed record ParametersPublished(ParameterManifest Manifest) : INoSerializationVerificationNeeded;
