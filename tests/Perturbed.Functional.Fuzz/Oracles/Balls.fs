/// Balls of group, nuclear and trace norms: their optimal values have roots, so that bounds on them are checked exactly.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Balls

open Perturbed.Functional

let private one = Dyadic.ofInt 1

// 1 + n·2^−53.
let private above (n: int) : Dyadic = one + Dyadic.roundings n

let groupBall (draw: Draw) : Outcome =
    let d = if draw.Chance 0.8 then draw.Int 1 6 else draw.Int 7 20
    let count = draw.Int 1 d

    let groups =
        Array.init d (fun i -> if i < count then i else draw.Int 0 (count - 1))
        |> Array.sortBy (fun _ -> draw.Word())

    let r = if draw.Chance 0.5 then 1.0 else abs (draw.Spread())

    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ -> Wrong "an answer"
        | Solved(y, found) ->
            let members g =
                [| 0 .. d - 1 |] |> Array.filter (fun i -> groups[i] = g)

            let squares g =
                let part = members g |> Array.map (fun i -> theta[i])
                Dyadic.dot part part

            let all = Array.init count squares
            let most = all |> Array.reduce Dyadic.max

            if most.Sign = 0 then
                let due = Array.init d (fun i -> if i = (members 0)[0] then r else 0.0)

                if y = due then
                    Judge.value y theta found
                else
                    Wrong(Form.vector due)
            else
                match groups |> Array.indexed |> Array.tryFind (fun (i, _) -> y[i] <> 0.0) with
                | None -> Wrong "a point of norm r; it is 0"
                | Some(_, group) ->
                    let first = all |> Array.findIndex (fun s -> (s - most).Sign = 0)

                    let isElsewhere =
                        Seq.exists (fun i -> groups[i] <> group && y[i] <> 0.0) [ 0 .. d - 1 ]

                    let squared = Dyadic.ofFloat r * Dyadic.ofFloat r

                    // y_i²·‖θ_g‖² is r²·θ_i² to some roundings, with the sign of θ_i; numbers near the least double are coarse.
                    let isOff i =
                        let y, t = Dyadic.ofFloat y[i], Dyadic.ofFloat theta[i]
                        let left, right = y * y * all[group], squared * t * t
                        let tiny = { Mantissa = 1I; Exponent = -1070 }

                        (y * t).Sign < 0
                        || ((left - right).Abs
                            - Dyadic.roundings 40 * right
                            - tiny * (y.Abs + tiny) * all[group])
                            .Sign
                            >
                            0

                    if isElsewhere then
                        Wrong "0 outside of one group"
                    elif group <> first then
                        Wrong $"group {first}, of the largest norm; it is group {group}"
                    elif members group |> Array.exists isOff then
                        Wrong "r times the unit vector of the group"
                    else
                        Judge.value y theta found

    Made
        {
            Form = $"Oracle.groupBall {Form.ints groups} {Form.number r}"
            Oracle = Oracle.groupBall groups r
            Theta = fun draw -> Vectors.any draw d
            Judge = judge
        }

// Whether a symmetric matrix is positive definite, by the signs of its leading minors (elimination without divisions).
let private isPositive (matrix: Dyadic[,]) : bool =
    let n = Array2D.length1 matrix
    let a = Array2D.copy matrix
    let mutable isPositive = true

    for k in 0 .. n - 1 do
        isPositive <- isPositive && a[k, k].Sign > 0

        for i in k + 1 .. n - 1 do
            for j in i .. n - 1 do
                // Times the positive pivot: signs stay.
                a[i, j] <- a[i, j] * a[k, k] - a[k, i] * a[k, j]
                a[j, i] <- a[i, j]

    isPositive

let private ofRow (columns: int) (x: float[]) : Dyadic[,] =
    Array2D.init (x.Length / columns) columns (fun i j -> Dyadic.ofFloat x[i * columns + j])

// Rank one: minors are 0 but for rounding; the norm r, but for rounding.
let private isRankOne (columns: int) (r: float) (y: float[]) : bool =
    let m = ofRow columns y
    let rows = Array2D.length1 m
    let squares = Dyadic.dot y y
    let r2 = Dyadic.ofFloat r * Dyadic.ofFloat r

    ((squares - r2).Abs - Dyadic.roundings 200 * r2).Sign <= 0
    && Seq.forall
        (fun (i, j, k, l) ->
            ((m[i, j] * m[k, l] - m[i, l] * m[k, j]).Abs - Dyadic.roundings 20 * r2).Sign
            <= 0)
        (seq {
            for i in 0 .. rows - 1 do
                for k in 0 .. i - 1 do
                    for j in 0 .. columns - 1 do
                        for l in 0 .. j - 1 do
                            i, j, k, l
        })

let nuclearBall (draw: Draw) : Outcome =
    let rows, columns = draw.Int 1 4, draw.Int 1 4
    let r = if draw.Chance 0.5 then 1.0 else abs (draw.Spread())

    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ -> Wrong "an answer"
        | Solved(y, found) when not (isRankOne columns r y) -> Wrong $"a matrix of rank 1 and norm {r}; value {found}"
        | Solved(y, found) ->
            match Judge.value y theta found with
            | Right when theta |> Array.forall ((=) 0.0) -> Right
            | Right ->
                // r·σ₁ is at most the value and 1e-12 of it: (value·(1 + 1e-12))²·I − r²·θᵀθ is positive definite.
                let t = ofRow columns theta
                let bar = Dyadic.dot y theta * above 9007
                let r2 = Dyadic.ofFloat r * Dyadic.ofFloat r

                let gram =
                    Array2D.init columns columns (fun i j ->
                        let mutable sum = Dyadic.Zero

                        for k in 0 .. rows - 1 do
                            sum <- sum + t[k, i] * t[k, j]

                        (if i = j then bar * bar else Dyadic.Zero) - r2 * sum)

                if bar.Sign > 0 && isPositive gram then
                    Right
                else
                    Wrong $"a larger value than {Form.number found}"
            | wrong -> wrong

    Made
        {
            Form = $"Oracle.nuclearBall {Form.number r} {rows} {columns}"
            Oracle = Oracle.nuclearBall r rows columns
            Theta = fun draw -> Vectors.any draw (rows * columns)
            Judge = judge
        }

let spectraplex (draw: Draw) : Outcome =
    let n = draw.Int 1 4

    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ -> Wrong "an answer"
        | Solved(y, found) when not (isRankOne n 1.0 y) -> Wrong $"vvᵀ with a vector of norm 1; value {found}"
        | Solved(y, found) ->
            match Judge.value y theta found with
            | Right ->
                // λ₁ is at most the value and 1e-12 of its terms: the excess of that bound over the matrix has no negative eigenvalue.
                let t = ofRow n theta
                let exact = Dyadic.dot y theta

                let bar (roundings: int) (size: Dyadic) =
                    exact + Dyadic.roundings roundings * size

                let isBounded (bar: Dyadic) =
                    isPositive (
                        Array2D.init n n (fun i j -> (if i = j then bar + bar else Dyadic.Zero) - t[i, j] - t[j, i])
                    )

                let most =
                    theta
                    |> Array.fold (fun most x -> Dyadic.max most (Dyadic.ofFloat x).Abs) Dyadic.Zero

                if most.Sign = 0 then
                    Right
                elif isBounded (bar 9007 (Dyadic.dotSize y theta)) then
                    Right
                elif isBounded (bar 9007 (most * Dyadic.ofInt n)) then
                    Coarse
                else
                    Wrong $"a larger value than {Form.number found}"
            | wrong -> wrong

    Made
        {
            Form = $"Oracle.spectraplex {n}"
            Oracle = Oracle.spectraplex n
            Theta = fun draw -> Vectors.any draw (n * n)
            Judge = judge
        }
