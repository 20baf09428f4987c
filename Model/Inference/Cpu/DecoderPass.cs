using System.Runtime.InteropServices;
using Intellect3.Kernels.Activations;
using Intellect3.Kernels.Attention;
using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;
using Intellect3.Kernels.Normalization;
using Intellect3.Kernels.Rotary;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>
/// The forward pass of a step, over one row a token, and the key-value cache it reads and writes. Every kernel computes a row from that row (and its prefix)
/// alone, so the rows beside it change no bit. Holds all its memory from the start.
/// </summary>
internal sealed class DecoderPass : IDisposable
{
    private readonly ModelConfig _config;
    private readonly KernelPath _path;
    private readonly RotaryTable _rotary;
    private readonly PagedCache[] _caches;
    private readonly int _queryWidth;
    private readonly int _keyWidth;
    private readonly Row[] _rows;
    private readonly float[] _hidden;
    private readonly float[] _normed;
    private readonly float[] _queryKeyValue;
    private readonly float[] _attended;
    private readonly float[] _gateUp;
    private readonly float[] _gated;
    private readonly float[] _projected;
    private readonly float[] _scores;
    private readonly float[] _logits;

    /// <summary>Memory for <paramref name="maxRows"/> rows a step, of which <paramref name="maxSamples"/> sample, over a cache of <paramref name="blocks"/> blocks.</summary>
    public DecoderPass(ModelConfig config, KernelPath path, RotaryTable rotary, int blocks, int blockTokens, int maxRows, int maxSamples)
    {
        _config = config;
        _path = path;
        _rotary = rotary;
        _queryWidth = config.AttentionHeads * config.HeadDimension;
        _keyWidth = config.KeyValueHeads * config.HeadDimension;
        _caches = new PagedCache[config.Layers];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            _caches[layer] = new PagedCache(blocks, blockTokens, config.KeyValueHeads, config.HeadDimension);
        }

        _rows = new Row[maxRows];
        _hidden = Rows(config.HiddenSize);
        _normed = Rows(config.HiddenSize);
        _queryKeyValue = Rows(QueryKeyValueWidth);
        _attended = Rows(_queryWidth);
        _gateUp = Rows(2 * config.IntermediateSize);
        _gated = Rows(config.IntermediateSize);
        _projected = Rows(config.HiddenSize);
        _scores = new float[PagedAttention.ScratchSize(Math.Min(rotary.Positions, blocks * blockTokens), blockTokens)];
        _logits = new float[checked(maxSamples * config.VocabularySize)];

        float[] Rows(int width) => new float[checked(maxRows * width)];
    }

    private int QueryKeyValueWidth => _queryWidth + (2 * _keyWidth);

    /// <summary>Computes the plan's rows. The logits of its sampling chunks are then there, in their order.</summary>
    public void Run(CpuEngineWeights weights, StepPlan plan)
    {
        var rows = Embed(weights, plan);
        for (var i = 0; i < weights.Layers.Length; i++)
        {
            var layer = weights.Layers[i];
            Cache(layer, _caches[i], rows);
            if (i == weights.Layers.Length - 1)
            {
                rows = KeepSampling(plan);
            }

            Attend(layer, _caches[i], rows);
            FeedForward(layer, rows);
        }

        Normalize(weights.Norm, rows);
        Gemm.Multiply(_normed, weights.Head, _logits, rows);
    }

    /// <summary>Logits of the sampling chunk of that index. [vocabulary]</summary>
    public ReadOnlySpan<float> Logits(int sample) => _logits.AsSpan(sample * _config.VocabularySize, _config.VocabularySize);

    public void Dispose()
    {
        foreach (var cache in _caches)
        {
            cache.Dispose();
        }
    }

    private int Embed(CpuEngineWeights weights, StepPlan plan)
    {
        var row = 0;
        foreach (var chunk in plan.Chunks)
        {
            for (var position = chunk.Start; position < chunk.Start + chunk.Count; position++, row++)
            {
                _rows[row] = new Row(chunk.Sequence, position);
                weights.Embedding.AsSpan(chunk.Sequence.Tokens[position] * _config.HiddenSize, _config.HiddenSize).CopyTo(HiddenOf(row));
            }
        }

        return row;
    }

    /// <summary>Queries, keys and values of all rows; the latter two go into the cache before any row attends to them.</summary>
    private void Cache(CpuEngineWeights.Layer layer, PagedCache cache, int rows)
    {
        Normalize(layer.InputNorm, rows);
        Gemm.Multiply(_normed, layer.QueryKeyValue, _queryKeyValue, rows);
        for (var row = 0; row < rows; row++)
        {
            var heads = QueryKeyValueOf(row);
            if (_config.QueryKeyNorm)
            {
                NormalizeHeads(heads[.._queryWidth], layer.QueryNorm);
                NormalizeHeads(heads.Slice(_queryWidth, _keyWidth), layer.KeyNorm);
            }

            var (sequence, position) = _rows[row];
            RotaryEmbedding.Apply(_path, heads[..(_queryWidth + _keyWidth)], _rotary, position);
            var (block, offset) = Math.DivRem(position, cache.BlockTokens);
            cache.Write(sequence.Blocks[block], offset, heads.Slice(_queryWidth, _keyWidth), heads[(_queryWidth + _keyWidth)..]);
        }
    }

    /// <summary>Closes the ranks to the rows that sample: once the last layer's keys and values are cached, nothing more is wanted of the others.</summary>
    private int KeepSampling(StepPlan plan)
    {
        var (kept, next) = (0, 0);
        foreach (var chunk in plan.Chunks)
        {
            next += chunk.Count;
            if (chunk.Samples)
            {
                _rows[kept] = _rows[next - 1];
                HiddenOf(next - 1).CopyTo(HiddenOf(kept));
                QueryKeyValueOf(next - 1).CopyTo(QueryKeyValueOf(kept));
                kept++;
            }
        }

        return kept;
    }

    private void Attend(CpuEngineWeights.Layer layer, PagedCache cache, int rows)
    {
        var scale = 1 / MathF.Sqrt(_config.HeadDimension);
        for (var row = 0; row < rows; row++)
        {
            var (sequence, position) = _rows[row];
            PagedAttention.Attend(
                _path,
                QueryKeyValueOf(row)[.._queryWidth],
                cache,
                CollectionsMarshal.AsSpan(sequence.Blocks),
                position + 1,
                scale,
                _scores,
                _attended.AsSpan(row * _queryWidth, _queryWidth));
        }

        AddProduct(_attended, layer.Output, rows);
    }

    private void FeedForward(CpuEngineWeights.Layer layer, int rows)
    {
        Normalize(layer.FeedForwardNorm, rows);
        Gemm.Multiply(_normed, layer.GateUp, _gateUp, rows);
        SwiGlu.Apply(_path, _gateUp, _gated, rows, _config.IntermediateSize);
        AddProduct(_gated, layer.Down, rows);
    }

    private void AddProduct(float[] x, PackedMatrix weights, int rows)
    {
        Gemm.Multiply(x, weights, _projected, rows);
        Elementwise.Add(_hidden.AsSpan(0, rows * _config.HiddenSize), _projected.AsSpan(0, rows * _config.HiddenSize));
    }

    private void Normalize(float[] weight, int rows) => RmsNorm.Apply(_path, _hidden, weight, _normed, rows, _config.HiddenSize, (float)_config.RmsNormEpsilon);

    private void NormalizeHeads(Span<float> heads, float[] weight) =>
        RmsNorm.Apply(_path, heads, weight, heads, heads.Length / weight.Length, weight.Length, (float)_config.RmsNormEpsilon);

    private Span<float> HiddenOf(int row) => _hidden.AsSpan(row * _config.HiddenSize, _config.HiddenSize);

    private Span<float> QueryKeyValueOf(int row) => _queryKeyValue.AsSpan(row * QueryKeyValueWidth, QueryKeyValueWidth);

    private readonly record struct Row(Sequence Sequence, int Position);
}
