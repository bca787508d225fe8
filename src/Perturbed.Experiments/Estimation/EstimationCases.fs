namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// A model whose θ is estimated from solutions drawn from it.
type EstimationCase =
    {
        /// Its name.
        Name: string
        /// θ₀, in the space parallel to the polytope: the only part of θ that solutions tell.
        Theta: float[]
        /// The model that draws solutions.
        Model: Smoothed
        /// The operator that is solved for θ, given n.
        Fitted: int -> Smoothed
        /// Numbers of solutions.
        Sizes: int[]
    }

/// The models of the estimation experiment.
[<RequireQualifiedAccess>]
module EstimationCases =

    // Independent of the solutions it is held against, and of at least ten times their number.
    let private sampled (n: int) (smoothed: Smoothed) : Smoothed =
        smoothed
        |> Smoothed.withSamples (max 5000 (10 * n))
        |> Smoothed.withKey (Key.create 0x51A7UL)

    /// <summary>The models: two with closed forms, and one that is fitted by samples.</summary>
    /// <param name="isQuick">The minute-scale version: smaller numbers of solutions.</param>
    /// <returns>The cases.</returns>
    let create (isQuick: bool) : EstimationCase list =
        let sizes (largest: int) : int[] =
            [| 100; 316; 1000; 3162; 10000 |]
            |> Array.filter (fun n -> n <= (if isQuick then min 1000 largest else largest))

        let five = [| 0.5; 0.25; 0.0; -0.25; -0.5 |]

        let one (oracle: Oracle) (noise: INoise) =
            perturb oracle noise 1.0 1 |> Smoothed.withThreads 1

        let simplex = one (Oracle.argmax 5) Noise.gumbel
        let ranking = one (Oracle.ranking 5) Noise.gaussian
        let assignment = one (Oracle.assignment 3 3) Noise.gaussian

        [
            {
                Name = "argmax, d = 5, Gumbel"
                Theta = five
                Model = simplex
                Fitted = fun _ -> Smoothed.exact simplex
                Sizes = sizes Int32.MaxValue
            }
            {
                Name = "ranking, d = 5, Gaussian"
                Theta = five
                Model = ranking
                Fitted = fun _ -> Smoothed.exact ranking
                Sizes = sizes Int32.MaxValue
            }
            {
                Name = "assignment, 3 × 3, Gaussian, sampled"
                // Rows and columns sum to zero.
                Theta = [| 0.4; -0.1; -0.3; -0.2; 0.3; -0.1; -0.2; -0.2; 0.4 |]
                Model = assignment
                Fitted = fun n -> sampled n assignment
                Sizes = sizes 1000
            }
        ]
