namespace Perturbed.Functional.CSharp;

/// <summary>A solution y of the model p_θ, and how often it was drawn. Berthet et al. 2020, Definition 2.1.</summary>
public sealed record SolutionFrequency
{
    internal SolutionFrequency(Functional.SolutionFrequency core) => (Solution, Count, Probability, StandardError) =
        (core.Solution, core.Count, core.Probability, core.StandardError);

    /// <summary>The solution.</summary>
    public double[] Solution { get; }

    /// <summary>How many of the M samples it was.</summary>
    public long Count { get; }

    /// <summary>Count / M, the estimate of p_θ(y); where failed samples are left out, M is the number of the
    /// others.</summary>
    public double Probability { get; }

    /// <summary>√(p(1 − p)/M), the standard error of <see cref="Probability"/>; NaN where samples depend on each other
    /// (<see cref="SamplingDesign"/>).</summary>
    public double StandardError { get; }

    /// <summary>Solution and probability, for <c>foreach (var (y, p) in …)</c>.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="probability">Its share of the samples.</param>
    public void Deconstruct(out double[] solution, out double probability) => (solution, probability) = (Solution, Probability);
}
