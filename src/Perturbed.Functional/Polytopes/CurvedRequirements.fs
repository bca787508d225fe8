namespace Perturbed.Functional

open MathNet.Numerics.LinearAlgebra

/// Requirements that are not few inequalities: partial sums of sorted entries, norms, eigenvalues.
module internal CurvedRequirements =

    /// Majorisation: any m entries of y sum to no less than the m smallest of v, and all to the same.
    let permutahedron (v: float[]) (y: float[]) : Requirement seq =
        let d = v.Length
        let range = max (abs v[0]) (abs v[d - 1])

        let isRanks =
            v |> Seq.indexed |> Seq.forall (fun (i, entry) -> entry = float (i + 1))

        let noun = if isRanks then "ranks" else "entries"

        seq {
            for i in 0 .. d - 1 do
                yield! Requirement.entry y i (v[0], range) (v[d - 1], range) $"{noun} run from {v[0]} to {v[d - 1]}"

            let order = Array.init d id
            Array.sortInPlaceBy (fun i -> y[i]) order
            let mutable sum, bound, size = 0.0, 0.0, 0.0

            for m in 1..d do
                sum <- sum + y[order[m - 1]]
                bound <- bound + v[m - 1]
                size <- size + abs y[order[m - 1]] + abs v[m - 1]
                let total, least, count = sum, bound, m

                if m = d then
                    MatrixRequirements.total y range least
                elif m > 1 then
                    {
                        Value = -total
                        Bound = -least
                        Size = size
                        Range = float m * range
                        IsEquation = false
                        Terms = ValueSome(fun () -> Array.init count (fun i -> struct (order[i], -1.0)))
                        Margin = 0.0
                        Words =
                            fun () ->
                                $"the {count} smallest entries sum to {total}; those of any permutation sum to {least} or more"
                    }
        }

    let private norm (name: string) (radius: float) (value: float) : Requirement =
        Requirement.convex value radius radius $"the {name} is {value}; it is at most the radius {radius}"

    let l1Ball (radius: float) (y: float[]) : Requirement seq =
        Seq.singleton (norm "l1 norm" radius (Array.sumBy abs y))

    let groupBall (groups: int[]) (radius: float) (y: float[]) : Requirement seq =
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

    let nuclearBall (rows: int) (columns: int) (radius: float) (y: float[]) : Requirement seq =
        Seq.delay (fun () ->
            (matrix rows columns y).Svd(false).S.Sum()
            |> norm "nuclear norm" radius
            |> Seq.singleton)

    let spectraplex (size: int) (y: float[]) : Requirement seq =
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
