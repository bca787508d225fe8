namespace Perturbed.Functional

/// The terms of a score-function derivative (Proposition 3.1). An array has as many numbers for each row of the batch;
/// `centre` is the baseline of solutions, or of values.
[<RequireQualifiedAccess>]
type internal ScoreTerm =
    /// (⟨g, y⟩ − ⟨g, centre⟩) ∇ν(z).
    | VectorJacobian of cotangents: float[] * centre: float[]
    /// (y − centre) ⟨∇ν(z), u⟩.
    | JacobianVector of tangents: float[] * centre: float[]
    /// (y − centre) ∇ν(z)ᵀ.
    | Jacobian of centre: float[]
    /// (F − centre) ∇ν(z).
    | ValueScore of centre: float[]
    /// (F − centre) (∇ν ∇νᵀ − ∇²ν) v.
    | ValueHessianVector of vectors: float[] * centre: float[]
    /// (F − centre) (∇ν ∇νᵀ − ∇²ν).
    | ValueJacobian of centre: float[]

/// What is summed over the samples of each row: plain data, from which any machine makes the same accumulation.
[<RequireQualifiedAccess>]
type internal Statistic =
    /// Σ y.
    | Solutions
    /// Σ ∂F/∂θ.
    | Gradients
    /// The moments of F, as of independent samples.
    | ValueMoments
    /// The moments of y, as of independent samples.
    | SolutionMoments
    /// The moments of the means of F over groups of dependent samples.
    | ValueMomentsOfGroups
    /// The moments of the means of y over groups of dependent samples.
    | SolutionMomentsOfGroups
    /// Whether all samples have one solution.
    | Agreement
    /// Σ (y − centre) yᵀ of one row.
    | Scatter of centre: float[]
    /// Σ t, each sample's group left out of its baseline where asked, with what standard errors need where asked.
    /// `used` is how many samples of each row count; empty where all do.
    | ScoreSums of term: ScoreTerm * leavesGroupsOut: bool * withErrors: bool * used: float[]
    /// Two statistics of the same samples.
    | Pair of Statistic * Statistic
    /// A statistic of the samples whose solve succeeded, with the counts of the others.
    | OfSuccesses of Statistic

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Statistic =

    /// The statistic of some rows of the batch, out of that of all of them.
    let rec ofRows (rows: int) (first: int) (count: int) (statistic: Statistic) : Statistic =
        let part (numbers: float[]) : float[] =
            let width = numbers.Length / rows
            Array.sub numbers (first * width) (count * width)

        let ofTerm (term: ScoreTerm) : ScoreTerm =
            match term with
            | ScoreTerm.VectorJacobian(cotangents, centre) -> ScoreTerm.VectorJacobian(part cotangents, part centre)
            | ScoreTerm.JacobianVector(tangents, centre) -> ScoreTerm.JacobianVector(part tangents, part centre)
            | ScoreTerm.Jacobian centre -> ScoreTerm.Jacobian(part centre)
            | ScoreTerm.ValueScore centre -> ScoreTerm.ValueScore(part centre)
            | ScoreTerm.ValueHessianVector(vectors, centre) -> ScoreTerm.ValueHessianVector(part vectors, part centre)
            | ScoreTerm.ValueJacobian centre -> ScoreTerm.ValueJacobian(part centre)

        match statistic with
        | Statistic.Scatter centre -> Statistic.Scatter(part centre)
        | Statistic.ScoreSums(term, leavesGroupsOut, withErrors, used) ->
            Statistic.ScoreSums(ofTerm term, leavesGroupsOut, withErrors, part used)
        | Statistic.Pair(a, b) -> Statistic.Pair(ofRows rows first count a, ofRows rows first count b)
        | Statistic.OfSuccesses inner -> Statistic.OfSuccesses(ofRows rows first count inner)
        | Statistic.Solutions
        | Statistic.Gradients
        | Statistic.ValueMoments
        | Statistic.SolutionMoments
        | Statistic.ValueMomentsOfGroups
        | Statistic.SolutionMomentsOfGroups
        | Statistic.Agreement -> statistic
