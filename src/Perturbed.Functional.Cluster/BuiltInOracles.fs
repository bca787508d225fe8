namespace Perturbed.Functional.Cluster

open System
open Perturbed.Functional

/// The library's oracles that are made of a few numbers, by name.
module internal BuiltInOracles =

    let private whole (oracle: string) (value: float) : int =
        if value <> Math.Floor value || abs value > 1e9 then
            invalidArg "numbers" $"The oracle '{oracle}' has the number {value}; whole numbers were expected."

        int value

    let private factory
        (name: string)
        (expected: string)
        (make: (float -> int) -> float[] -> Oracle option)
        : string * (string -> float[] -> Oracle) =
        name,
        fun _ numbers ->
            match make (whole name) numbers with
            | Some oracle -> oracle
            | None -> invalidArg "numbers" $"The oracle '{name}' takes {expected}; {numbers.Length} numbers were given."

    /// Names with their factories.
    let factories: (string * (string -> float[] -> Oracle)) list =
        [
            factory "argmax" "d" (fun int numbers ->
                match numbers with
                | [| d |] -> Some(Oracle.argmax (int d))
                | _ -> None)
            factory "top k" "k and d" (fun int numbers ->
                match numbers with
                | [| k; d |] -> Some(Oracle.topK (int k) (int d))
                | _ -> None)
            factory "ranking" "d, or the d ≥ 2 entries of the reference" (fun int numbers ->
                match numbers with
                | [| d |] -> Some(Oracle.ranking (int d))
                | [||] -> None
                | reference -> Some(Oracle.rankingOf reference))
            factory "assignment" "rows and columns" (fun int numbers ->
                match numbers with
                | [| rows; columns |] -> Some(Oracle.assignment (int rows) (int columns))
                | _ -> None)
            factory "tsp" "the number of cities" (fun int numbers ->
                match numbers with
                | [| cities |] -> Some(Oracle.tsp (int cities))
                | _ -> None)
            factory "sign" "d" (fun int numbers ->
                match numbers with
                | [| d |] -> Some(Oracle.sign (int d))
                | _ -> None)
            factory "l1 ball" "the radius and d" (fun int numbers ->
                match numbers with
                | [| radius; d |] -> Some(Oracle.l1Ball radius (int d))
                | _ -> None)
            factory "box" "d lower and d upper bounds" (fun _ numbers ->
                if numbers.Length > 0 && numbers.Length % 2 = 0 then
                    let d = numbers.Length / 2
                    Some(Oracle.box numbers[.. d - 1] numbers[d..])
                else
                    None)
            factory "right-down paths" "rows and columns" (fun int numbers ->
                match numbers with
                | [| rows; columns |] -> Some(Oracle.rightDownPath (int rows) (int columns))
                | _ -> None)
            factory "knapsack" "the capacity and the weights" (fun int numbers ->
                if numbers.Length >= 2 then
                    Some(Oracle.knapsack (Array.map int numbers[1..]) (int numbers[0]))
                else
                    None)
            factory "finite set" "k, and the rows of k entries" (fun int numbers ->
                match numbers with
                | [||] -> None
                | _ ->
                    let k = int numbers[0]

                    if k < 1 || numbers.Length < k + 1 || (numbers.Length - 1) % k <> 0 then
                        None
                    else
                        let rows = (numbers.Length - 1) / k
                        Some(Oracle.finiteSet (Array2D.init rows k (fun i j -> numbers[1 + i * k + j]))))
        ]

    // The name and numbers that a polytope suggests.
    let private suggestion (polytope: Polytope) : (string * float[]) option =
        match polytope with
        | Polytope.Simplex d -> Some("argmax", [| float d |])
        | Polytope.Hypersimplex(d, k) -> Some("top k", [| float k; float d |])
        | Polytope.Permutahedron v when v = Array.init v.Length (fun i -> float (i + 1)) ->
            Some("ranking", [| float v.Length |])
        | Polytope.Permutahedron v when v.Length > 1 -> Some("ranking", v)
        | Polytope.Matchings(rows, columns) -> Some("assignment", [| float rows; float columns |])
        | Polytope.Tours cities -> Some("tsp", [| float cities |])
        | Polytope.L1Ball(d, radius) -> Some("l1 ball", [| radius; float d |])
        | Polytope.Box(lower, upper) when lower |> Array.forall ((=) -1.0) && upper |> Array.forall ((=) 1.0) ->
            Some("sign", [| float lower.Length |])
        | Polytope.Box(lower, upper) -> Some("box", Array.append lower upper)
        | Polytope.GridPaths(rows, columns, GridMoves.RightDown) ->
            Some("right-down paths", [| float rows; float columns |])
        | Polytope.Knapsack(weights, [| capacity |]) ->
            Some("knapsack", Array.append [| float capacity |] (weights[0, *] |> Array.map float))
        | Polytope.Hull solutions ->
            Some(
                "finite set",
                Array.append [| float (Array2D.length2 solutions) |] (solutions |> Seq.cast<float> |> Array.ofSeq)
            )
        | _ -> None

    /// The reference of an oracle that one of the factories makes alike: the same kind of solver under the same name.
    let tryFind (oracle: Oracle) : OracleReference option =
        suggestion oracle.Polytope
        |> Option.bind (fun (name, numbers) ->
            let made = (List.find (fst >> (=) name) factories |> snd) "" numbers

            if
                made.ToString() = oracle.ToString()
                && made.Implementation.GetType() = oracle.Implementation.GetType()
            then
                Some
                    {
                        Name = name
                        Text = ""
                        Numbers = numbers
                    }
            else
                None)
