/// Linear programs in whole numbers: pivots with one common denominator, whose divisions have no rest, by Bland's rule.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.ExactSimplex

open System.Numerics

/// The numbers of an optimal vertex are Numerators over Denominator > 0.
type Result =
    | Infeasible
    | Unbounded
    | Optimal of numerators: BigInteger[] * denominator: BigInteger

// Row i says D·x_basic(i) + Σ_j t[i, j]·x_nonbasic(j) = t[i, last]; the last rows are objectives, whose "basic variable" is their value.
type private Tableau =
    {
        Rows: BigInteger[][]
        Basic: int[]
        Nonbasic: int[]
        mutable Denominator: BigInteger
    }

let private at (t: Tableau) (i: int) (j: int) : BigInteger =
    let row = t.Rows[i]
    row[j]

let private pivot (t: Tableau) (r: int) (s: int) : unit =
    let p = (at t (r) (s))
    let row = t.Rows[r]

    for i in 0 .. t.Rows.Length - 1 do
        if i <> r then
            let factor = (at t (i) (s))

            t.Rows[i] <-
                t.Rows[i]
                |> Array.mapi (fun j x ->
                    if j = s then
                        -factor
                    else
                        (p * x - factor * row[j]) / t.Denominator)

    t.Rows[r] <- row |> Array.mapi (fun j x -> if j = s then t.Denominator else x)
    let entering = t.Nonbasic[s]
    t.Nonbasic[s] <- t.Basic[r]
    t.Basic[r] <- entering
    t.Denominator <- p

    if p.Sign < 0 then
        t.Denominator <- -p

        for i in 0 .. t.Rows.Length - 1 do
            t.Rows[i] <- Array.map BigInteger.Negate t.Rows[i]

// Raises the objective of a row as far as it goes; false where that is for ever.
let rec private climb (t: Tableau) (objective: int) (blocked: int) : bool =
    let last = t.Nonbasic.Length

    let entering =
        [ 0 .. last - 1 ]
        |> List.filter (fun j -> (at t (objective) (j)).Sign < 0 && t.Nonbasic[j] <> blocked)

    match entering with
    | [] -> true
    | _ ->
        let s = entering |> List.minBy (fun j -> t.Nonbasic[j])

        // The ratio last / t[i, s] is least; of equal ones the lowest variable.
        let leaving =
            [ 0 .. t.Basic.Length - 1 ]
            |> List.filter (fun i -> (at t (i) (s)).Sign > 0)
            |> List.sortWith (fun i k ->
                match compare ((at t (i) (last)) * (at t (k) (s))) ((at t (k) (last)) * (at t (i) (s))) with
                | 0 -> compare t.Basic[i] t.Basic[k]
                | order -> order)

        match leaving with
        | [] -> false
        | r :: _ ->
            pivot t r s
            climb t objective blocked

/// Maximises ⟨c, z⟩ over A z ≤ b, z ≥ 0, for whole numbers.
let solve (a: BigInteger[][]) (b: BigInteger[]) (c: BigInteger[]) : Result =
    let m, n = a.Length, c.Length
    // Variable n is the artificial one of the first phase: A z − z_n ≤ b.
    let row (i: int) =
        Array.concat [| a[i]; [| BigInteger.MinusOne; b[i] |] |]

    let t =
        {
            Rows =
                Array.concat [|
                    Array.init m row
                    // The second phase's objective, and the first's, −z_n.
                    [| Array.append (Array.map BigInteger.Negate c) [| BigInteger.Zero; BigInteger.Zero |] |]
                    [| Array.append (Array.create n BigInteger.Zero) [| BigInteger.One; BigInteger.Zero |] |]
                |]
            Basic = Array.init m (fun i -> n + 1 + i)
            Nonbasic = Array.init (n + 1) id
            Denominator = BigInteger.One
        }

    let last = n + 1

    let worst =
        if m = 0 then
            0
        else
            [ 0 .. m - 1 ] |> List.minBy (fun i -> b[i])

    if m > 0 && b[worst].Sign < 0 then
        pivot t worst n
        climb t (m + 1) -1 |> ignore

    if (at t (m + 1) (last)).Sign < 0 then
        Infeasible
    else
        // The artificial variable is 0; it leaves the basis if it is there, and stays out.
        match Array.tryFindIndex ((=) n) t.Basic with
        | Some r ->
            match Seq.tryFind (fun j -> not (at t (r) (j)).IsZero) [ 0..n ] with
            | Some s -> pivot t r s
            | None -> ()
        | None -> ()

        if climb t m n then
            let z = Array.create n BigInteger.Zero

            t.Basic
            |> Array.iteri (fun i variable ->
                if variable < n then
                    z[variable] <- (at t (i) (last)))

            Optimal(z, t.Denominator)
        else
            Unbounded
