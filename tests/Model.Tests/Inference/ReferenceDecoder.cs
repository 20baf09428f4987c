using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Tests.Inference;

/// <summary>
/// The decoder written down plainly, in double precision and one token at a time. Keys and values stay as the parameters of their token computed them, so
/// parameters may change between two tokens.
/// </summary>
public sealed class ReferenceDecoder
{
    private readonly ModelConfig _config;
    private readonly List<double[]>[] _keys;
    private readonly List<double[]>[] _values;
    private int _position;

    public ReferenceDecoder(ModelConfig config)
    {
        _config = config;
        _keys = [.. Enumerable.Range(0, config.Layers).Select(_ => new List<double[]>())];
        _values = [.. Enumerable.Range(0, config.Layers).Select(_ => new List<double[]>())];
    }

    /// <summary>Logits after a whole prefix. [vocabulary]</summary>
    public static double[] Logits(ModelConfig config, ParameterSet parameters, IEnumerable<int> tokens)
    {
        var decoder = new ReferenceDecoder(config);
        return tokens.Aggregate<int, double[]>([], (_, token) => decoder.Append(parameters, token));
    }

    /// <summary>Log-probabilities of logits divided by a temperature; of the logits as they are at temperature 0.</summary>
    public static double[] LogSoftmax(double[] logits, double temperature)
    {
        var scaled = Array.ConvertAll(logits, x => temperature > 0 ? x / temperature : x);
        var largest = scaled.Max();
        var logSum = largest + Math.Log(scaled.Sum(x => Math.Exp(x - largest)));
        return Array.ConvertAll(scaled, x => x - logSum);
    }

    /// <summary>Takes one more token and gives the logits after it. [vocabulary]</summary>
    public double[] Append(ParameterSet parameters, int token)
    {
        var width = _config.HiddenSize;
        var embedding = Doubles(parameters, "model.embed_tokens.weight");
        var hidden = embedding[(token * width)..((token + 1) * width)];
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            Add(hidden, Attend(parameters, layer, prefix + "self_attn.", Norm(hidden, Doubles(parameters, prefix + "input_layernorm.weight"))));
            Add(hidden, FeedForward(parameters, prefix + "mlp.", Norm(hidden, Doubles(parameters, prefix + "post_attention_layernorm.weight"))));
        }

        _position++;
        hidden = Norm(hidden, Doubles(parameters, "model.norm.weight"));
        return Project(parameters, _config.TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", hidden);
    }

    private static double[] FeedForward(ParameterSet parameters, string prefix, double[] x)
    {
        var gate = Project(parameters, prefix + "gate_proj.weight", x);
        var up = Project(parameters, prefix + "up_proj.weight", x);
        for (var i = 0; i < gate.Length; i++)
        {
            gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
        }

        return Project(parameters, prefix + "down_proj.weight", gate);
    }

    private static double[] Project(ParameterSet parameters, string name, double[] x)
    {
        var weight = parameters[name];
        var y = new double[weight.Length / x.Length];
        for (var row = 0; row < y.Length; row++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                y[row] += weight[(row * x.Length) + i] * x[i];
            }
        }

        return y;
    }

    private static double[] Doubles(ParameterSet parameters, string name) => Array.ConvertAll(parameters[name].ToArray(), x => (double)x);

    private static void Add(double[] sum, double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            sum[i] += x[i];
        }
    }

    private double[] Attend(ParameterSet parameters, int layer, string prefix, double[] x)
    {
        var size = _config.HeadDimension;
        var queries = Heads(parameters, prefix + "q", x);
        _keys[layer].Add(Heads(parameters, prefix + "k", x));
        _values[layer].Add(Project(parameters, prefix + "v_proj.weight", x));
        var output = new double[queries.Length];
        for (var head = 0; head < _config.AttentionHeads; head++)
        {
            var group = head / (_config.AttentionHeads / _config.KeyValueHeads);
            var query = queries[(head * size)..((head + 1) * size)];
            var scores = _keys[layer].Select(key => query.Select((q, i) => q * key[(group * size) + i]).Sum() / Math.Sqrt(size)).ToArray();
            var weights = Array.ConvertAll(LogSoftmax(scores, 1), Math.Exp);
            for (var i = 0; i < size; i++)
            {
                output[(head * size) + i] = weights.Select((weight, t) => weight * _values[layer][t][(group * size) + i]).Sum();
            }
        }

        return Project(parameters, prefix + "o_proj.weight", output);
    }

    /// <summary>Queries or keys: projected, normalised by head where the model does, rotated in the two halves' pairs.</summary>
    private double[] Heads(ParameterSet parameters, string prefix, double[] x)
    {
        var size = _config.HeadDimension;
        var half = size / 2;
        var heads = Project(parameters, prefix + "_proj.weight", x);
        for (var start = 0; start < heads.Length; start += size)
        {
            var head = heads[start..(start + size)];
            if (_config.QueryKeyNorm)
            {
                head = Norm(head, Doubles(parameters, prefix + "_norm.weight"));
            }

            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(_position * Math.Pow(_config.RopeTheta, -2.0 * i / size));
                heads[start + i] = (head[i] * cosine) - (head[i + half] * sine);
                heads[start + i + half] = (head[i + half] * cosine) + (head[i] * sine);
            }
        }

        return heads;
    }

    private double[] Norm(double[] x, double[] weight)
    {
        var scale = 1 / Math.Sqrt((x.Sum(v => v * v) / x.Length) + _config.RmsNormEpsilon);
        return [.. x.Select((v, i) => v * scale * weight[i])];
    }
}
