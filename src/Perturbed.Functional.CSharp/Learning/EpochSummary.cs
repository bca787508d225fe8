namespace Perturbed.Functional.CSharp;

/// <summary>What one epoch of training did.</summary>
public sealed record EpochSummary
{
    internal EpochSummary(EpochRecord core) => (Epoch, Loss, GradientNorm, LearningRate, Seconds) =
        (core.Epoch, core.Loss, core.GradientNorm, core.LearningRate, core.Seconds);

    /// <summary>Number of the epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>Mean loss over the rows, each taken at the parameters of its own step.</summary>
    public double Loss { get; }

    /// <summary>Mean over the steps of the gradient's Euclidean norm.</summary>
    public double GradientNorm { get; }

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; }

    /// <summary>Wall-clock time of the steps in seconds, callbacks left out.</summary>
    public double Seconds { get; }

    /// <summary>Number and loss, for <c>foreach (var (epoch, loss) in …)</c>.</summary>
    /// <param name="epoch">Number of the epoch, from 0.</param>
    /// <param name="loss">Mean loss over the rows.</param>
    public void Deconstruct(out int epoch, out double loss) => (epoch, loss) = (Epoch, Loss);
}
