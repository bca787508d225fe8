/// The definitions of Sections 2 and 3, written out over every vertex and every sample: the specification of the engine.
module Perturbed.Functional.Tests.Theory.BruteForce.Naive

open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices

/// One sample: noise, its score and curvature, the factor of a multiplicative perturbation, the solution and its value.
type Draw =
    {
        Score: float[]
        Curvature: float[,]
        Factor: float[]
        Solution: float[]
        Value: float
    }

/// What an operator is made of, with ε for each coordinate.
type Setting =
    {
        Smoothed: Smoothed
        /// y*(η), by brute force or the function that is smoothed.
        Solve: float[] -> float[]
        /// F(η).
        Value: float[] -> float[] -> float
        /// ∇ν.
        Score: float[] -> float[]
        /// ∇²ν.
        Curvature: float[] -> float[,]
    }

let private diagonal (entries: float[]) =
    Array2D.init entries.Length entries.Length (fun i j -> if i = j then entries[i] else 0.0)

/// A setting that tries every vertex, with the scores of a law by hand.
let ofVertices (vertices: float[][]) (smoothed: Smoothed) : Setting =
    let law = Laws.ofNoise smoothed.Noise

    {
        Smoothed = smoothed
        Solve = argmaxOver vertices
        Value = dot
        Score = Array.map law.Score
        Curvature =
            match law.Curvature with
            | Some curvature -> Array.map curvature >> diagonal
            | None -> fun z -> Array2D.create z.Length z.Length nan
    }

let epsilonOf (setting: Setting) (j: int) : float =
    let epsilon = setting.Smoothed.Epsilon
    if epsilon.Length = 1 then epsilon[0] else epsilon[j]

// The scores as the noise draws them, held to the law's at the samples: those of a law drawn in single precision may come from its unrounded numbers.
let private scored (setting: Setting) (z: float[][]) : float[][] =
    let scores = Cases.scoresOf setting.Smoothed

    for z, score in Array.zip z scores do
        Array.iter2
            (fun expected actual ->
                if not (abs (expected - actual) <= 1e-6 * (1.0 + abs expected)) then
                    invalidOp $"A score is {actual}; that of its sample is {expected}.")
            (setting.Score z)
            score

    scores

/// The M samples at θ, from the noise that the operator's key names.
let draws (setting: Setting) (theta: float[]) : Draw[] =
    let noise = Cases.noiseOf setting.Smoothed

    Array.zip noise (scored setting noise)
    |> Array.map (fun (z, score) ->
        let factor =
            z
            |> Array.mapi (fun j zj ->
                let e = epsilonOf setting j
                exp (e * zj - e * e / 2.0))

        let eta =
            match setting.Smoothed.Perturbation with
            | Perturbation.Additive -> Array.mapi (fun j t -> t + epsilonOf setting j * z[j]) theta
            | Perturbation.Multiplicative -> Array.map2 (*) theta factor

        let solution = setting.Solve eta

        {
            Score = score
            Curvature = setting.Curvature z
            Factor = factor
            Solution = solution
            Value = setting.Value solution eta
        })

/// ∂log η/∂… of a coordinate: 1/ε_j, or 1/(ε_j θ_j) under a multiplicative perturbation.
let slope (setting: Setting) (theta: float[]) (j: int) : float =
    match setting.Smoothed.Perturbation with
    | Perturbation.Additive -> 1.0 / epsilonOf setting j
    | Perturbation.Multiplicative -> 1.0 / (epsilonOf setting j * theta[j])

/// Subtracts from each of M numbers what the variance reduction says: nothing, the number at θ, or the mean of the other M − 1.
let private centred (setting: Setting) (atTheta: float) (values: float[]) : float[] =
    match setting.Smoothed.VarianceReduction with
    | VarianceReduction.None -> values
    | VarianceReduction.Baseline -> values |> Array.map (fun v -> v - atTheta)
    | VarianceReduction.LeaveOneOut when values.Length = 1 -> values |> Array.map (fun v -> v - atTheta)
    | VarianceReduction.LeaveOneOut ->
        Array.init values.Length (fun m -> values[m] - (Array.removeAt m values |> Array.average))

/// A mean, its standard error √(s²/M) (NaN for one sample), and the root mean square of its terms, for tolerances.
[<Struct>]
type Mean =
    {
        Value: float
        Error: float
        Size: float
    }

let meanOf (terms: float[]) : Mean =
    let n = float terms.Length
    let average = Array.average terms
    let deviations = terms |> Array.sumBy (fun t -> (t - average) * (t - average))

    {
        Value = average
        Error =
            if terms.Length < 2 then
                nan
            else
                sqrt (deviations / (n - 1.0) / n)
        Size = sqrt (terms |> Array.averageBy (fun t -> t * t))
    }

/// Entry i of each solution, less its baseline.
let private centredEntries (setting: Setting) (theta: float[]) (samples: Draw[]) : float[][] =
    let atTheta = setting.Solve theta
    Array.init atTheta.Length (fun i -> samples |> Array.map (fun s -> s.Solution[i]) |> centred setting atTheta[i])

let private centredValues (setting: Setting) (theta: float[]) (samples: Draw[]) : float[] =
    samples
    |> Array.map _.Value
    |> centred setting (setting.Value (setting.Solve theta) theta)

/// J_ij = mean of (y_i − baseline) ∂ν/∂z_j · slope_j.
let jacobian (setting: Setting) (theta: float[]) : Mean[,] =
    let samples = draws setting theta
    let entries = centredEntries setting theta samples

    Array2D.init entries.Length theta.Length (fun i j ->
        Array.map2 (fun y (s: Draw) -> y * s.Score[j] * slope setting theta j) entries[i] samples
        |> meanOf)

/// (gᵀJ)_j.
let vectorJacobian (setting: Setting) (g: float[]) (theta: float[]) : Mean[] =
    let samples = draws setting theta
    let entries = centredEntries setting theta samples

    let weights =
        Array.init samples.Length (fun m -> dot g (Array.map (Array.item m) entries))

    // The size of a term before anything is subtracted: where all solutions are alike, only its rounding is left.
    let size =
        samples
        |> Array.map (fun s -> Array.fold2 (fun sum gi yi -> sum + abs (gi * yi)) 0.0 g s.Solution)
        |> Array.max

    Array.init theta.Length (fun j ->
        let terms =
            Array.map2 (fun w (s: Draw) -> w * s.Score[j] * slope setting theta j) weights samples

        let whole =
            samples
            |> Array.map (fun s -> size * s.Score[j] * slope setting theta j)
            |> meanOf

        { meanOf terms with Size = whole.Size })

/// (J u)_i.
let jacobianVector (setting: Setting) (u: float[]) (theta: float[]) : Mean[] =
    let samples = draws setting theta
    let tangent = Array.mapi (fun j uj -> uj * slope setting theta j) u

    centredEntries setting theta samples
    |> Array.map (fun entries ->
        Array.map2 (fun y (s: Draw) -> y * dot s.Score tangent) entries samples
        |> meanOf)

/// J_ij = mean of (F − baseline)(∂_iν ∂_jν − ∂_ijν) · slope_i slope_j.
let jacobianOfMaximum (setting: Setting) (theta: float[]) : Mean[,] =
    let samples = draws setting theta
    let values = centredValues setting theta samples

    Array2D.init theta.Length theta.Length (fun i j ->
        let scale = slope setting theta i * slope setting theta j

        Array.map2 (fun f (s: Draw) -> f * (s.Score[i] * s.Score[j] - s.Curvature[i, j]) * scale) values samples
        |> meanOf)

/// (∇²F v)_i by the same formula.
let hessianVectorOfMaximum (setting: Setting) (v: float[]) (theta: float[]) : Mean[] =
    let samples = draws setting theta
    let values = centredValues setting theta samples
    let tangent = Array.mapi (fun j vj -> vj * slope setting theta j) v

    Array.init theta.Length (fun i ->
        Array.map2
            (fun f (s: Draw) ->
                f
                * (s.Score[i] * dot s.Score tangent - dot s.Curvature[i, *] tangent)
                * slope setting theta i)
            values
            samples
        |> meanOf)

/// y_i = mean of (F − baseline) ∂_iν · slope_i.
let maximizerOfMaximum (setting: Setting) (theta: float[]) : Mean[] =
    let samples = draws setting theta
    let values = centredValues setting theta samples

    Array.init theta.Length (fun i ->
        Array.map2 (fun f (s: Draw) -> f * s.Score[i] * slope setting theta i) values samples
        |> meanOf)
