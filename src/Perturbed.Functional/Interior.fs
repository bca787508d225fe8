namespace Perturbed.Functional

open MathNet.Numerics.LinearAlgebra

/// Which points are outside a polytope that is known by name or on its boundary, as far as that is cheap to tell.
module internal Interior =

    /// An inequality Σ c_i y_i ≤ bound that holds on all of a polytope, and what to say where a point breaks it or meets it.
    type private Face =
        {
            Terms: (int * float) list
            Bound: float
            Words: float -> string
        }

    let private entry (lower: float, upper: float) (i: int) : Face list =
        let words (value: float) =
            $"entry {i} is {value}, on the boundary of [{lower}, {upper}] or outside of it"

        [
            {
                Terms = [ i, -1.0 ]
                Bound = -lower
                Words = fun sum -> words (0.0 - sum)
            }
            {
                Terms = [ i, 1.0 ]
                Bound = upper
                Words = words
            }
        ]

    let private entries (dimension: int) (lower: float) (upper: float) : Face seq =
        Seq.collect (entry (lower, upper)) (seq { 0 .. dimension - 1 })

    let private sum (name: string) (index: int) (terms: (int * float) list) (bound: float) : Face =
        {
            Terms = terms
            Bound = bound
            Words = fun sum -> $"{name} {index} sums to {sum}, no less than its bound {bound}"
        }

    // Sums of the rows and the columns of a matrix, where they have bounds.
    let private sums (rows: float option[]) (columns: float option[]) : Face seq =
        seq {
            for i in 0 .. rows.Length - 1 do
                match rows[i] with
                | Some bound -> sum "row" i [ for j in 0 .. columns.Length - 1 -> i * columns.Length + j, 1.0 ] bound
                | None -> ()

            for j in 0 .. columns.Length - 1 do
                match columns[j] with
                | Some bound -> sum "column" j [ for i in 0 .. rows.Length - 1 -> i * columns.Length + j, 1.0 ] bound
                | None -> ()
        }

    let private constraints (a: float[,]) (b: float[]) : Face seq =
        seq {
            for i in 0 .. b.Length - 1 do
                sum "constraint" i [ for j in 0 .. Array2D.length2 a - 1 -> j, a[i, j] ] b[i]
        }

    let rec private faces (polytope: Polytope) : Face seq =
        match polytope with
        | Polytope.Simplex d
        | Polytope.Hypersimplex(d, _) -> entries d 0.0 1.0
        | Polytope.Box(lower, upper) ->
            Seq.collect (fun i -> entry (lower[i], upper[i]) i) (seq { 0 .. lower.Length - 1 })
        | Polytope.Matchings(rows, columns) ->
            let bound = Some 1.0
            Seq.append (entries (rows * columns) 0.0 1.0) (sums (Array.create rows bound) (Array.create columns bound))
        | Polytope.LimitedMatchings(rows, columns) ->
            Seq.append
                (entries (rows.Length * columns.Length) 0.0 1.0)
                (sums (rows |> Array.map (float >> Some)) (columns |> Array.map (float >> Some)))
        | Polytope.TransportPlans(rows, columns) ->
            seq {
                for i in 0 .. rows.Length - 1 do
                    for j in 0 .. columns.Length - 1 do
                        yield! entry (0.0, min rows[i] columns[j]) (i * columns.Length + j)
            }
        | Polytope.SpanningForests(graph, _) -> entries graph.Edges 0.0 1.0
        | Polytope.Tours cities -> entries (cities * (cities - 1) / 2) 0.0 1.0
        | Polytope.Flows(_, capacities, _, _) ->
            Seq.collect (fun e -> entry (0.0, float capacities[e]) e) (seq { 0 .. capacities.Length - 1 })
        | Polytope.Knapsack(weights, capacities) ->
            Seq.append
                (entries (Array2D.length2 weights) 0.0 1.0)
                (constraints (Array2D.map float weights) (Array.map float capacities))
        | Polytope.Inequalities(a, b, lower, upper) -> Seq.append (faces (Polytope.Box(lower, upper))) (constraints a b)
        | Polytope.Product(factors, dimensions) ->
            seq {
                for k in 0 .. factors.Length - 1 do
                    let start = Array.sum dimensions[.. k - 1]

                    for face in faces factors[k] do
                        { face with
                            Terms = face.Terms |> List.map (fun (i, c) -> start + i, c)
                            Words = face.Words >> sprintf "of factor %d, %s" k
                        }
            }
        | Polytope.Negated inner ->
            faces inner
            |> Seq.map (fun face ->
                { face with
                    Terms = face.Terms |> List.map (fun (i, c) -> i, -c)
                    Words = face.Words >> sprintf "with its sign changed, %s"
                })
        | _ -> Seq.empty

    // Whether the inequality is an equation on all of the polytope: the opposite direction's best point meets it too.
    let private isEquation (oracle: Oracle) (face: Face) : bool =
        let theta = Array.zeroCreate<float> oracle.Dimension

        for i, c in face.Terms do
            theta[i] <- -c

        try
            let struct (y, _) =
                Engine.solve oracle System.Threading.CancellationToken.None RowNumbers.FromZero theta 1

            let least = face.Terms |> List.sumBy (fun (i, c) -> c * y[i])
            least >= face.Bound - 1e-9 * (1.0 + abs face.Bound)
        with :? OracleException ->
            // Without a least value there are points off the face.
            false

    let private breaks (oracle: Oracle) (y: float[]) (face: Face) : string option =
        let total = face.Terms |> List.sumBy (fun (i, c) -> c * y[i])

        if total < face.Bound then
            None
        elif total <= face.Bound + 1e-9 * (1.0 + abs face.Bound) && isEquation oracle face then
            None
        else
            Some(face.Words total)

    // Roots and decompositions round; no sample mean tells a point so near to the boundary from one on it.
    let private rounding = 1e-12

    let private norm (name: string) (value: float) (radius: float) : string option =
        if value >= radius * (1.0 - rounding) then
            Some $"its {name} is {value}, no less than the radius {radius}"
        else
            None

    let private matrix (rows: int) (columns: int) (y: float[]) : Matrix<float> =
        Matrix<float>.Build.Dense(rows, columns, (fun i j -> y[i * columns + j]))

    // The convex hulls that no few inequalities describe.
    let private curvedReason (polytope: Polytope) (y: float[]) : string option =
        match polytope with
        | Polytope.Permutahedron v when v.Length > 1 && v[0] < v[v.Length - 1] ->
            // Inside: every proper set of entries sums to more than as many of the smallest entries of v.
            let sorted = Array.sort y
            let partial = Array.map2 (-) sorted v |> Array.scan (+) 0.0

            seq { 1 .. v.Length - 1 }
            |> Seq.tryFind (fun m -> partial[m] <= 0.0)
            |> Option.map (fun m ->
                $"its {m} smallest entries sum to no more than those of the reference vector: on the boundary or outside")
        | Polytope.L1Ball(_, radius) -> norm "l1 norm" (Array.sumBy abs y) radius
        | Polytope.GroupBall(groups, radius) ->
            let squares = Array.zeroCreate<float>(1 + Array.max groups)
            Array.iter2 (fun g x -> squares[g] <- squares[g] + x * x) groups y
            norm "sum of group norms" (Array.sumBy sqrt squares) radius
        | Polytope.NuclearBall(rows, columns, radius) ->
            norm "nuclear norm" ((matrix rows columns y).Svd(false).S.Sum()) radius
        | Polytope.Spectraplex size when size > 1 ->
            let half = matrix size size y * 0.5

            let least =
                (half + half.Transpose()).Evd(Symmetricity.Symmetric).EigenValues[0].Real

            if least <= rounding then
                Some $"its least eigenvalue is {least}, no more than 0"
            else
                None
        | _ -> None

    /// Why a point is not inside the polytope of an oracle, to rounding; None where it is, or where only samples can tell.
    let outsideReason (oracle: Oracle) (y: float[]) : string option =
        curvedReason oracle.Polytope y
        |> Option.orElseWith (fun () -> faces oracle.Polytope |> Seq.tryPick (breaks oracle y))
