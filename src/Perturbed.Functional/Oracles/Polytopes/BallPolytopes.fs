namespace Perturbed.Functional

open MathNet.Numerics.LinearAlgebra

/// Balls of norms and the spectraplex, by one convex function each.
module internal BallPolytopes =

    let private norm (name: string) (radius: float) (value: float) : Requirement =
        Requirement.convex value radius radius $"the {name} is {value}; it is at most the radius {radius}"

    let private l1Norm (radius: float) (y: float[]) : Requirement seq =
        Seq.singleton (norm "l1 norm" radius (Array.sumBy abs y))

    let private groupNorm (groups: int[]) (radius: float) (y: float[]) : Requirement seq =
        let largest = Array.zeroCreate<float>(1 + Array.max groups)
        let squares = Array.zeroCreate<float> largest.Length
        Array.iter2 (fun g x -> largest[g] <- max largest[g] (abs x)) groups y

        // Scaled, so that squares neither overflow nor vanish.
        Array.iter2
            (fun g x ->
                if largest[g] > 0.0 then
                    squares[g] <- squares[g] + (x / largest[g]) * (x / largest[g]))
            groups
            y

        Array.map2 (fun most square -> most * sqrt square) largest squares
        |> Array.sum
        |> norm "sum of group norms" radius
        |> Seq.singleton

    let private matrix (rows: int) (columns: int) (y: float[]) : Matrix<float> =
        Matrix<float>.Build.Dense(rows, columns, (fun i j -> y[i * columns + j]))

    let private nuclearNorm (rows: int) (columns: int) (radius: float) (y: float[]) : Requirement seq =
        Seq.delay (fun () ->
            (matrix rows columns y).Svd(false).S.Sum()
            |> norm "nuclear norm" radius
            |> Seq.singleton)

    let private unitTrace (size: int) (y: float[]) : Requirement seq =
        seq {
            Requirement.linear y 1.0 true (Array.init size (fun i -> struct (i * size + i, 1.0))) 1.0 (fun trace ->
                $"the trace is {trace}; it must be 1")

            for i in 0 .. size - 1 do
                for j in 0 .. i - 1 do
                    let a, b = i * size + j, j * size + i

                    Requirement.linear y 1.0 true [| struct (a, 1.0); struct (b, -1.0) |] 0.0 (fun _ ->
                        $"entries {a} and {b} are {y[a]} and {y[b]}; the matrix must be symmetric")

            if size > 1 then
                let half = matrix size size y * 0.5

                let least =
                    (half + half.Transpose()).Evd(Symmetricity.Symmetric).EigenValues[0].Real

                Requirement.convex -least 0.0 1.0 $"the least eigenvalue is {least}; it must be at least 0"
        }

    /// ±r at one coordinate.
    let l1Ball (radius: float) : PolytopeFacts =
        PolytopeFacts.describedBy (l1Norm radius)

    /// {Σ_g ‖y_g‖₂ ≤ r}.
    let groupBall (groups: int[]) (radius: float) : PolytopeFacts =
        PolytopeFacts.describedBy (groupNorm groups radius)

    /// {Σσ_i(Y) ≤ r}.
    let nuclearBall (rows: int) (columns: int) (radius: float) : PolytopeFacts =
        PolytopeFacts.describedBy (nuclearNorm rows columns radius)

    /// {Y ⪰ 0, tr Y = 1}.
    let spectraplex (size: int) : PolytopeFacts =
        PolytopeFacts.describedBy (unitTrace size)
