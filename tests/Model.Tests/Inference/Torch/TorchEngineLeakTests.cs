using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Torch;
using Intellect3.Model.Tests.Native;

namespace Intellect3.Model.Tests.Inference.Torch;

[Collection(nameof(TensorCounts))]
public sealed class TorchEngineLeakTests : EngineTest
{
    [Fact]
    public void An_engine_gives_every_tensor_back()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 34);
        var before = TensorCounts.Settled();
        using (var engine = Start(config, parameters))
        {
            Run(engine, [.. Enumerable.Range(0, 20).Select(i => Request(i, TestModels.Prompt(config, 5 + i, i), 30))]);
            Swap(engine, CreateFactory(config), Second, parameters, KvOnUpdate.Recompute);
        }

        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }

    protected override IEngineFactory CreateFactory(ModelConfig config) => new TorchEngineFactory(config);
}
