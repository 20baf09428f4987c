namespace Intellect3.Model.Training;

/// <summary>Which rows of the packed hidden states predict a token of the loss, and which token: row t - 1 predicts token t of the same sequence.</summary>
internal sealed record LossTargets(long[] Rows, long[] TokenIds, float[]? InverseTemperatures)
{
    public static LossTargets Of(IReadOnlyList<TrainingSequence> sequences)
    {
        var (rows, ids, scales) = (new List<long>(), new List<long>(), new List<float>());
        var start = 0;
        foreach (var sequence in sequences)
        {
            for (var t = 1; t < sequence.TokenIds.Count; t++)
            {
                if (sequence.Mask[t])
                {
                    rows.Add(start + t - 1);
                    ids.Add(sequence.TokenIds[t]);
                    scales.Add(1 / sequence.Temperature);
                }
            }

            start += sequence.TokenIds.Count;
        }

        return new LossTargets([.. rows], [.. ids], scales.TrueForAll(s => s == 1) ? null : [.. scales]);
    }
}
