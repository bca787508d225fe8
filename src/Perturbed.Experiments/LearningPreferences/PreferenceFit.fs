namespace Perturbed.Experiments

open System.Threading
open Perturbed.Functional

/// How weights are estimated.
[<RequireQualifiedAccess>]
type PreferenceMethod =
    /// The weights that decided.
    | Truth
    /// The Fenchel-Young loss of the decision under its own noise.
    | FenchelYoung
    /// Another loss, by its name.
    | Other of name: string * loss: Loss

/// Weights with their errors.
type PreferenceWeights =
    {
        Weights: float[]
        /// Empty where a method has none.
        StandardErrors: float[]
    }

/// Estimation of the weights of preferences.
[<RequireQualifiedAccess>]
module PreferenceFit =

    /// Epochs of a training; the rate falls from 0.1 to 0 as a cosine.
    [<Literal>]
    let Epochs = 30

    /// Rows of a step.
    [<Literal>]
    let BatchSize = 25

    /// M in training, and for standard errors.
    let samples, errorSamples = 10, 200

    /// <summary>The methods of a case; the first is the bound of the others.</summary>
    /// <param name="case">The case.</param>
    /// <returns>Names and methods.</returns>
    let methods (case: Preference) : (string * PreferenceMethod) list =
        let other name loss =
            name, PreferenceMethod.Other(name, loss)

        [
            "true weights", PreferenceMethod.Truth
            "Fenchel-Young", PreferenceMethod.FenchelYoung
            match case with
            | Preference.Choices ->
                other "likelihood of the set" PreferenceLosses.set
                other "likelihood of independent choices" PreferenceLosses.independent
            | Preference.Rankings -> other "likelihood of the ranking" PreferenceLosses.ranking
            | Preference.Drivers -> other "likelihood of each rider alone" PreferenceLosses.eachRider
        ]

    /// <summary>The model of a case.</summary>
    /// <param name="case">The case.</param>
    /// <returns>One weight a feature, shared by all options.</returns>
    let model (case: Preference) : Model =
        Model.shared (PreferenceCase.oracle case).Dimension (PreferenceCase.truth case).Length

    let private operator (case: Preference) (count: int) : Smoothed =
        perturb (PreferenceCase.oracle case) (PreferenceCase.noise case) 1.0 count
        |> Smoothed.withThreads 1

    // The step of a weight in the differences of the curvature.
    let private difference = 0.1

    // The inverse of a positive definite matrix, by Gauss and Jordan.
    let private inverse (matrix: float[,]) : float[,] =
        let n = Array2D.length1 matrix

        let a =
            Array2D.init n (2 * n) (fun i j ->
                if j < n then matrix[i, j]
                elif j - n = i then 1.0
                else 0.0)

        for k in 0 .. n - 1 do
            let pivot = a[k, k]

            for j in 0 .. 2 * n - 1 do
                a[k, j] <- a[k, j] / pivot

            for i in 0 .. n - 1 do
                let factor = a[i, k]

                if i <> k then
                    for j in 0 .. 2 * n - 1 do
                        a[i, j] <- a[i, j] - factor * a[k, j]

        a[*, n..]

    let private times (a: float[,]) (b: float[,]) : float[,] =
        Array2D.init (Array2D.length1 a) (Array2D.length2 b) (fun i j -> Array.sum (Array.map2 (*) a[i, *] b[*, j]))

    // Xᵀ v of a row: the features of each option, weighted.
    let private weighted (inputs: float[,]) (row: int) (v: float[]) (features: int) : float[] =
        Array.init features (fun f ->
            Seq.sum (seq { for i in 0 .. v.Length - 1 -> inputs[row, i * features + f] * v[i] }))

    /// <summary>Standard errors of weights that minimise the Fenchel-Young loss: √diag of A⁻¹ B A⁻¹, A = Σ Xᵀ J X the
    /// curvature of the loss, by central differences, and B = Σ g gᵀ over the rows' gradients g = Xᵀ (y*_ε − y).</summary>
    /// <param name="case">The case.</param>
    /// <param name="examples">The data of the fit.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="key">The noise of y*_ε.</param>
    /// <returns>A number for each weight.</returns>
    let standardErrors (case: Preference) (examples: Examples) (weights: float[]) (key: Key) : float[] =
        let op = operator case errorSamples |> Smoothed.withKey key
        let p, rows = weights.Length, Examples.count examples
        let model = model case
        let theta = model |> Model.predict weights examples.Inputs
        let y = op |> Batch.maximizer theta

        let gradients =
            Array.init rows (fun r -> weighted examples.Inputs r (Array.map2 (-) y[r, *] examples.Targets[r, *]) p)

        let b =
            Array2D.init p p (fun i j -> gradients |> Array.sumBy (fun g -> g[i] * g[j]))

        // Column k of A: how the gradients move with weight k, on common noise. The score-function estimate of J has the
        // variance of all options together, this difference that of the few decisions that change.
        let a = Array2D.zeroCreate<float> p p

        for k in 0 .. p - 1 do
            let decided (step: float) =
                let moved = weights |> Array.mapi (fun i w -> if i = k then w + step else w)
                op |> Batch.maximizer (model |> Model.predict moved examples.Inputs)

            let above, below = decided difference, decided -difference

            for r in 0 .. rows - 1 do
                let slope =
                    Array.map2 (fun u l -> (u - l) / (2.0 * difference)) above[r, *] below[r, *]

                weighted examples.Inputs r slope p
                |> Array.iteri (fun i value -> a[i, k] <- a[i, k] + value)

        let symmetric = Array2D.init p p (fun i j -> 0.5 * (a[i, j] + a[j, i]))
        let back = inverse symmetric
        let covariance = times back (times b back)
        Array.init p (fun i -> sqrt covariance[i, i])

    /// <summary>Estimates weights.</summary>
    /// <param name="case">The case.</param>
    /// <param name="method">The method.</param>
    /// <param name="key">Order of the rows and noise.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <param name="examples">Decisions.</param>
    /// <returns>Weights, of the Fenchel-Young loss with standard errors.</returns>
    let run
        (case: Preference)
        (method: PreferenceMethod)
        (key: Key)
        (cancellation: CancellationToken)
        (examples: Examples)
        : PreferenceWeights =
        let train (loss: Loss) =
            let config =
                { Training.config Epochs BatchSize Optimizer.adam (Schedule.cosine Epochs 0.0 0.1) (Key.fold 0 key) with
                    Cancellation = cancellation
                }

            let trained = examples |> Training.run config (model case) loss
            cancellation.ThrowIfCancellationRequested()
            trained.Parameters

        match method with
        | PreferenceMethod.Truth ->
            {
                Weights = PreferenceCase.truth case
                StandardErrors = [||]
            }
        | PreferenceMethod.FenchelYoung ->
            let weights = train (Loss.fenchelYoung (operator case samples))

            {
                Weights = weights
                StandardErrors = standardErrors case examples weights (Key.fold 1 key)
            }
        | PreferenceMethod.Other(_, loss) ->
            {
                Weights = train loss
                StandardErrors = [||]
            }
