namespace Perturbed.Functional.CSharp;

/// <summary>The result of one epoch of training.</summary>
public sealed record EpochRecord
{
    internal EpochRecord(Functional.EpochRecord core) => (Epoch, Loss, GradientNorm, LearningRate, Seconds, RowsWhereSamplesAgree) =
        (core.Epoch, core.Loss, core.GradientNorm, core.LearningRate, core.Seconds, core.RowsWhereSamplesAgree?.Value);

    /// <summary>Number of the epoch, from 0, as in <see cref="Schedule"/>.</summary>
    public int Epoch { get; }

    /// <summary>Mean loss over the rows, weighted as they are, each taken at the parameters of its own step.</summary>
    public double Loss { get; }

    /// <summary>Mean over the steps of the gradient's Euclidean norm.</summary>
    public double GradientNorm { get; }

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; }

    /// <summary>Wall-clock time of the steps in seconds, callbacks left out.</summary>
    public double Seconds { get; }

    /// <summary>How many rows had M ≥ 2 samples that all had one solution, so that no gradient passed through the
    /// maximizer and ε is far below the gaps of θ; null where the loss does not tell: one sample, an exact operator,
    /// no operator, or a loss of one's own that does not call <see cref="LossBatch.ReportSamplesAgree"/>.</summary>
    public int? RowsWhereSamplesAgree { get; }

    /// <summary>Number and loss, for <c>foreach (var (epoch, loss) in …)</c>.</summary>
    /// <param name="epoch">Number of the epoch, from 0.</param>
    /// <param name="loss">Mean loss over the rows.</param>
    public void Deconstruct(out int epoch, out double loss) => (epoch, loss) = (Epoch, Loss);
}
