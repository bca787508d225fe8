/// Oracles that compare numbers: maxima, rankings, boxes, the l1 ball, finite sets.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Selections

open Perturbed.Functional

let private indicator (n: int) (chosen: int seq) : float[] =
    let y = Array.zeroCreate n
    chosen |> Seq.iter (fun i -> y[i] <- 1.0)
    y

// Indices from the largest entry down; of equal ones the lowest first.
let private falling (theta: float[]) : int[] =
    Array.init theta.Length id
    |> Array.sortWith (fun i j ->
        match compare theta[j] theta[i] with
        | 0 -> compare i j
        | order -> order)

let private made (form: string) (oracle: Oracle) (judge: float[] -> Answer -> Verdict) : Outcome =
    Made
        {
            Form = form
            Oracle = oracle
            Theta = fun draw -> Vectors.any draw oracle.Dimension
            Judge = judge
        }

// Mostly small sizes, sometimes such as take the vector code.
let private size (draw: Draw) : int =
    if draw.Chance 0.7 then draw.Int 1 8 else draw.Int 9 40

let argmax (draw: Draw) : Outcome =
    let d = size draw
    made $"Oracle.argmax {d}" (Oracle.argmax d) (Judge.only (fun theta -> indicator d [ (falling theta)[0] ]))

let topK (draw: Draw) : Outcome =
    let d = size draw
    let k = draw.Int 0 d
    made $"Oracle.topK {k} {d}" (Oracle.topK k d) (Judge.only (fun theta -> indicator d (Array.take k (falling theta))))

let ranking (draw: Draw) : Outcome =
    let d = size draw
    let isPlain = draw.Chance 0.4

    let v =
        if isPlain then
            Array.init d (fun i -> float (i + 1))
        else
            Vectors.any draw d

    let form =
        if isPlain then
            $"Oracle.ranking {d}"
        else
            $"Oracle.rankingOf {Form.vector v}"

    let sorted = Array.sort v

    let expected (theta: float[]) : float[] =
        let y = Array.zeroCreate d

        // Rising, of equal entries the lower index first.
        Array.init d id
        |> Array.sortWith (fun i j ->
            match compare theta[i] theta[j] with
            | 0 -> compare i j
            | order -> order)
        |> Array.iteri (fun rank i -> y[i] <- sorted[rank])

        y

    made form (if isPlain then Oracle.ranking d else Oracle.rankingOf v) (Judge.only expected)

let box (draw: Draw) : Outcome =
    let d = size draw

    let form, oracle, lower, upper =
        match draw.Int 0 3 with
        | 0 -> $"Oracle.unitBox {d}", Oracle.unitBox d, Array.zeroCreate d, Array.create d 1.0
        | 1 -> $"Oracle.sign {d}", Oracle.sign d, Array.create d -1.0, Array.create d 1.0
        | _ ->
            let a, b = Vectors.any draw d, Vectors.any draw d
            let lower, upper = Array.map2 min a b, Array.map2 max a b
            $"Oracle.box {Form.vector lower} {Form.vector upper}", Oracle.box lower upper, lower, upper

    made form oracle (Judge.only (fun theta -> Array.init d (fun i -> if theta[i] > 0.0 then upper[i] else lower[i])))

let private radius (draw: Draw) : float =
    if draw.Chance 0.5 then 1.0 else abs (draw.Spread())

let l1Ball (draw: Draw) : Outcome =
    let d = size draw
    let r = radius draw

    let expected (theta: float[]) : float[] =
        let best = (falling (Array.map abs theta))[0]

        Array.init d (fun i ->
            if i <> best then 0.0
            elif theta[i] < 0.0 then -r
            else r)

    made $"Oracle.l1Ball {Form.number r} {d}" (Oracle.l1Ball r d) (Judge.only expected)

let private points (draw: Draw) : float[][] =
    let n = if draw.Chance 0.8 then draw.Int 1 8 else draw.Int 30 40
    let d = draw.Int 1 6

    match draw.Int 0 3 with
    | 0 -> Array.init n (fun _ -> Array.init d (fun _ -> float (draw.Int 0 2)))
    | 1 ->
        // Permutations of one vector, which tie at a constant θ.
        let v = Vectors.any draw d
        Array.init n (fun _ -> v |> Array.sortBy (fun _ -> draw.Word()))
    | 2 ->
        let v = Vectors.any draw d
        Array.init n (fun _ -> Vectors.beside draw v)
    | _ -> Array.init n (fun _ -> Vectors.any draw d)

// θ may also be constant, for ties between sums.
let private thetaForPoints (d: int) (draw: Draw) : float[] =
    if draw.Chance 0.2 then
        Array.create d (draw.Of [| 1.0; 0.1; draw.Spread() |])
    else
        Vectors.any draw d

let finiteSet (draw: Draw) : Outcome =
    let rows = points draw
    let oracle = Oracle.finiteSet (array2D rows)

    Made
        {
            Form = $"Oracle.finiteSet {Form.matrix (array2D rows)}"
            Oracle = oracle
            Theta = thetaForPoints oracle.Dimension
            Judge = Judge.listed Judge.Exactly Judge.FirstListed rows id
        }

let finiteSetWithOffsets (draw: Draw) : Outcome =
    let rows = points draw
    let offsets = Vectors.any draw rows.Length
    let oracle = Oracle.finiteSetWithOffsets (array2D rows) offsets

    let lifted =
        Array.map2 (fun row offset -> Array.append row [| offset |]) rows offsets

    let held (theta: float[]) = Array.append theta [| 1.0 |]

    // The row that wins is the first of those with its first d entries and the largest offset.
    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ -> Wrong "an answer"
        | Solved(y, found) ->
            let best = Judge.optimal lifted (held theta)
            let due = Array.take theta.Length best[0]

            if y <> due then
                Wrong(Form.vector due)
            else
                Judge.value best[0] (held theta) found

    Made
        {
            Form = $"Oracle.finiteSetWithOffsets {Form.matrix (array2D rows)} {Form.vector offsets}"
            Oracle = oracle
            Theta = thetaForPoints oracle.Dimension
            Judge = judge
        }
