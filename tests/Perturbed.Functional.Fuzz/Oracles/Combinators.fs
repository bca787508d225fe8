/// Oracles out of oracles, judged by the judges of their parts.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Combinators

open Perturbed.Functional

// A part whose solutions pair with its θ.
let rec private part (families: Family[]) (draw: Draw) : Problem =
    match (draw.Of families).Draw draw with
    | Made p when p.Oracle.Dimension = p.Oracle.SolutionDimension -> p
    | _ -> part families draw

let private worst (verdicts: Verdict seq) : Verdict =
    verdicts
    |> Seq.fold
        (fun a b ->
            match a, b with
            | Wrong _, _ -> a
            | _, Wrong _ -> b
            | Coarse, _ -> a
            | _ -> b)
        Right

let product (families: Family[]) (draw: Draw) : Outcome =
    let parts = Array.init (draw.Int 1 3) (fun _ -> part families draw)
    let widths = parts |> Array.map _.Oracle.Dimension
    let starts = widths |> Array.scan (+) 0
    let cut i (x: float[]) = Array.sub x starts[i] widths[i]

    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ ->
            if
                parts
                |> Seq.indexed
                |> Seq.exists (fun (i, p) -> p.Judge (cut i theta) answer = Right)
            then
                Right
            else
                Wrong "an answer"
        | Solved(y, found) ->
            let own i =
                Solved(cut i y, (Dyadic.dot (cut i y) (cut i theta)).ToFloat())

            worst [
                Judge.value y theta found

                for i in 0 .. parts.Length - 1 do
                    parts[i].Judge (cut i theta) (own i)
            ]

    Made
        {
            Form = "Oracle.product [| " + String.concat "; " (parts |> Array.map _.Form) + " |]"
            Oracle = Oracle.product (parts |> Array.map _.Oracle)
            Theta = fun draw -> parts |> Array.collect (fun p -> p.Theta draw)
            Judge = judge
        }

let minimise (families: Family[]) (draw: Draw) : Outcome =
    let inner = part families draw
    let opposite (x: float[]) = Array.map (fun t -> 0.0 - t) x

    Made
        {
            Form = $"({inner.Form} |> Oracle.minimise)"
            Oracle = Oracle.minimise inner.Oracle
            Theta = fun draw -> opposite (inner.Theta draw)
            Judge =
                fun theta answer ->
                    match answer with
                    | Failed _ -> inner.Judge (opposite theta) answer
                    | Solved(y, found) -> inner.Judge (opposite theta) (Solved(opposite y, found))
        }

let withOffset (families: Family[]) (draw: Draw) : Outcome =
    let inner = part families draw
    let offset = inner.Theta draw

    Made
        {
            Form = $"({inner.Form} |> Oracle.withOffset {Form.vector offset})"
            Oracle = Oracle.withOffset offset inner.Oracle
            Theta = inner.Theta
            Judge = fun theta answer -> inner.Judge (Array.map2 (+) theta offset) answer
        }

let restrict (families: Family[]) (draw: Draw) : Outcome =
    let inner = part families draw
    let d = inner.Oracle.Dimension

    let free =
        [| 0 .. d - 1 |]
        |> Array.sortBy (fun _ -> draw.Word())
        |> Array.take (draw.Int 1 d)

    let held = inner.Theta draw

    let judge (theta: float[]) (answer: Answer) : Verdict =
        let full = Array.copy held
        Array.iteri (fun i coordinate -> full[coordinate] <- theta[i]) free

        // The whole solved anew is judged, and the answer is part of it.
        let whole =
            try
                let y: float[] = Array.zeroCreate d
                let value = [| 0.0 |]
                let solver = inner.Oracle.Implementation.CreateSolver()
                solver.Begin(0L, System.ReadOnlySpan full)
                solver.Solve(System.ReadOnlySpan full, System.Span y, System.Span value)
                Solved(y, value[0])
            with :? OracleException as e ->
                Failed e.Message

        match inner.Judge full whole, whole, answer with
        | Wrong text, _, _ -> Wrong $"of the whole: {text}"
        | verdict, Failed _, Failed _ -> verdict
        | verdict, Solved(y, value), Solved(own, ownValue) ->
            let due = free |> Array.map (fun coordinate -> y[coordinate])

            if own <> due then
                Wrong $"{Form.vector due}, part of the whole"
            elif ownValue <> value then
                Wrong $"the value {Form.number value} of the whole"
            else
                verdict
        | _ -> Wrong "what the whole gives"

    Made
        {
            Form = $"({inner.Form} |> Oracle.restrict {Form.ints free} {Form.vector held})"
            Oracle = Oracle.restrict free held inner.Oracle
            Theta =
                fun draw ->
                    let theta = inner.Theta draw
                    free |> Array.map (fun coordinate -> theta[coordinate])
            Judge = judge
        }
