namespace Intellect3.Kernels.Sampling;

/// <summary>
/// Draws tokens from logits. Truncation works as transformers' processors do, in the order temperature, top-k, top-p, min-p. Holds scratch memory and
/// allocates nothing after: one instance a thread.
/// </summary>
public sealed class TokenSampler
{
    private readonly double[] _probabilities;
    private readonly int[] _order;
    private readonly bool[] _kept;

    /// <summary>Made once, so that sorting allocates nothing.</summary>
    private readonly Comparison<int> _likelierFirst;

    /// <param name="vocabularySize">Logits of a row.</param>
    public TokenSampler(int vocabularySize)
    {
        _probabilities = new double[vocabularySize];
        _order = new int[vocabularySize];
        _kept = new bool[vocabularySize];
        _likelierFirst = (a, b) => _probabilities[a] != _probabilities[b] ? _probabilities[b].CompareTo(_probabilities[a]) : a.CompareTo(b);
    }

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="temperature">Divides the logits; 0 takes the most likely token, the lowest id of equals.</param>
    /// <param name="topK">Keeps the k most likely and every tie of the k-th; 0 keeps all.</param>
    /// <param name="topP">Keeps the most likely until their probabilities reach p, the one that crosses it included; 1 keeps all.</param>
    /// <param name="minP">Keeps what is at least this times as likely as the most likely; 0 keeps all.</param>
    /// <param name="uniform">A uniform number in [0, 1); unused at temperature 0.</param>
    /// <returns>The token and its natural-log probability under the temperature-scaled, untruncated distribution (unscaled at temperature 0).</returns>
    public (int Token, float LogProbability) Sample(ReadOnlySpan<float> logits, double temperature, int topK, double topP, double minP, double uniform)
    {
        if (temperature <= 0)
        {
            var best = IndexOfMax(logits);
            return (best, LogProbability(logits, 1, best));
        }

        var (max, total) = Exponentiate(logits, temperature);
        var token = topK > 0 || topP < 1 || minP > 0
            ? DrawTruncated(logits, topK, topP, minP, uniform)
            : Draw(_probabilities.AsSpan(0, logits.Length), uniform * total);
        return (token, (float)(((double)logits[token] - max) / temperature - ScalarMath.Log(total)));
    }

    /// <summary>The natural-log probability of a token.</summary>
    public float LogProbability(ReadOnlySpan<float> logits, double temperature, int token)
    {
        var (max, total) = Exponentiate(logits, temperature);
        return (float)(((double)logits[token] - max) / temperature - ScalarMath.Log(total));
    }

    /// <summary>The distribution that <see cref="Sample"/> draws from; 0 for what is not kept.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="probabilities">Receives [vocabulary].</param>
    public void Probabilities(ReadOnlySpan<float> logits, double temperature, int topK, double topP, double minP, Span<double> probabilities)
    {
        Exponentiate(logits, temperature);
        Truncate(logits, topK, topP, minP);
        var total = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = _kept[i] ? _probabilities[i] : 0;
            total += probabilities[i];
        }

        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= total;
        }
    }

    /// <summary>
    /// Makes the tokens seen so far less likely (Keskar et al., arXiv 1909.05858): a positive logit is divided by the penalty, a negative one multiplied, each
    /// token's once however often it was seen. It comes before <see cref="Sample"/>.
    /// </summary>
    /// <param name="logits">[vocabulary], changed in place.</param>
    /// <param name="seen">Tokens of the prompt and the output.</param>
    /// <param name="penalty">1 changes nothing.</param>
    public void Penalize(Span<float> logits, ReadOnlySpan<int> seen, double penalty)
    {
        Array.Clear(_kept);
        foreach (var token in seen)
        {
            if (!_kept[token])
            {
                _kept[token] = true;
                logits[token] = (float)(logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty);
            }
        }
    }

    private static int IndexOfMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Walks up the token ids until the sum passes the point.</summary>
    private static int Draw(ReadOnlySpan<double> weights, double point)
    {
        var sum = 0.0;
        var last = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                sum += weights[i];
                last = i;
                if (point < sum)
                {
                    return i;
                }
            }
        }

        return last;
    }

    /// <summary>Leaves exp((logit - max) / temperature) in the scratch, and returns max and the sum.</summary>
    private (float Max, double Total) Exponentiate(ReadOnlySpan<float> logits, double temperature)
    {
        var max = logits[IndexOfMax(logits)];
        var total = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            var weight = ScalarMath.Exp(((double)logits[i] - max) / temperature);
            _probabilities[i] = weight;
            total += weight;
        }

        return (max, total);
    }

    private int DrawTruncated(ReadOnlySpan<float> logits, int topK, double topP, double minP, double uniform)
    {
        Truncate(logits, topK, topP, minP);
        var weights = _probabilities.AsSpan(0, logits.Length);
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = _kept[i] ? weights[i] : 0;
            total += weights[i];
        }

        return Draw(weights, uniform * total);
    }

    private void Truncate(ReadOnlySpan<float> logits, int topK, double topP, double minP)
    {
        var count = logits.Length;
        var order = _order.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
            _kept[i] = true;
        }

        order.Sort(_likelierFirst);
        if (topK > 0 && topK < count)
        {
            KeepAtLeast(_probabilities[order[topK - 1]], count);
        }

        if (topP < 1)
        {
            KeepTopP(order, topP);
        }

        if (minP > 0)
        {
            KeepAtLeast(minP * _probabilities[order[0]], count);
        }
    }

    private void KeepAtLeast(double limit, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _kept[i] &= _probabilities[i] >= limit;
        }
    }

    /// <summary>transformers drops from the unlikely end while what is dropped stays at most 1 - p; at least one token is kept.</summary>
    private void KeepTopP(ReadOnlySpan<int> order, double topP)
    {
        var total = 0.0;
        foreach (var token in order)
        {
            total += _kept[token] ? _probabilities[token] : 0;
        }

        var dropped = 0.0;
        for (var i = order.Length - 1; i > 0; i--)
        {
            if (!_kept[order[i]])
            {
                continue;
            }

            dropped += _probabilities[order[i]];
            if (dropped > (1 - topP) * total)
            {
                break;
            }

            _kept[order[i]] = false;
        }
    }
}
