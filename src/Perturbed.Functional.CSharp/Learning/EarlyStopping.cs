using System;

namespace Perturbed.Functional.CSharp;

/// <summary>When to stop before the last epoch.</summary>
public sealed record EarlyStopping
{
    /// <summary>Stop when the metric has not improved for some epochs in a row.</summary>
    /// <param name="patience">Epochs in a row without an improvement that end the training, at least 1.</param>
    /// <param name="goal">Which metric is the better one.</param>
    /// <param name="metric">The metric of parameters, on data of its own.</param>
    /// <exception cref="ArgumentNullException">The metric is null; patience is checked when training
    /// starts.</exception>
    public EarlyStopping(int patience, Goal goal, Func<double[], double> metric) =>
        (Patience, Goal, Metric) = (patience, goal, Crossing.NotNull(metric));

    /// <summary>Epochs in a row without an improvement that end the training, at least 1.</summary>
    public int Patience { get; }

    /// <summary>Which metric is the better one.</summary>
    public Goal Goal { get; }

    /// <summary>The metric of parameters, on data of its own.</summary>
    public Func<double[], double> Metric { get; }

    internal Functional.EarlyStopping ToCore() => new(Patience, Goal.ToCore(nameof(Goal)), Crossing.Function(Metric));
}
