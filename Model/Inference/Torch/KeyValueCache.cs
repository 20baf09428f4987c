using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>Keys and values of every layer, a row for each token that the cache can hold.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(ModelConfig config, int tokens, Device device)
    {
        Tensor Rows() => zeros(tokens, config.KeyValueHeads, config.HeadDimension, ScalarType.Float32, device).DetachFromDisposeScope();
        _keys = [.. Enumerable.Range(0, config.Layers).Select(_ => Rows())];
        _values = [.. Enumerable.Range(0, config.Layers).Select(_ => Rows())];
    }

    /// <summary>Of one layer, both [tokens, key-value heads, dimension].</summary>
    public (Tensor Keys, Tensor Values) this[int layer] => (_keys[layer], _values[layer]);

    public void Dispose()
    {
        Array.ForEach(_keys, t => t.Dispose());
        Array.ForEach(_values, t => t.Dispose());
    }
}
