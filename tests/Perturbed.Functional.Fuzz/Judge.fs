/// Judges of oracles whose solutions are few enough to list.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Judge

open System

/// How far the value of an answer may be from the optimum.
type Allowance =
    /// Not at all: the solver compares numbers, and computes none.
    | Exactly
    /// By the roundings of sums of the terms at hand.
    | OfTerms

/// Which of several exactly optimal solutions is due.
type Ties =
    | AnyOf
    /// The one for which a comparison says that it comes before all others.
    | FirstBy of (float[] -> float[] -> int)
    /// The first in the list.
    | FirstListed

let private same (a: float[]) (b: float[]) : bool =
    let mutable i = 0

    while i < a.Length && a[i] = b[i] do
        i <- i + 1

    i = a.Length

/// A value that a solver returned beside the product that it should be.
let value (y: float[]) (theta: float[]) (found: float) : Verdict =
    if not (Double.IsFinite found) then
        Wrong $"a finite value; it is {found}"
    else
        let exact = Dyadic.dot y theta
        let terms = y |> Array.filter ((<>) 0.0) |> Array.length
        let slack = Dyadic.roundings (terms + 1) * Dyadic.dotSize y theta

        if ((Dyadic.ofFloat found - exact).Abs - slack).Sign > 0 then
            Wrong $"the value {Form.number (exact.ToFloat())}; it is {Form.number found}"
        else
            Right

let private number (y: float[]) : int =
    y |> Array.sumBy (fun x -> if x = 0.0 then 0 else 1)

/// Compares the exact value of an answer with that of a best one.
let gap (allowance: Allowance) (theta: float[]) (y: float[]) (best: float[]) : Verdict =
    let missing = Dyadic.dot best theta - Dyadic.dot y theta

    if missing.Sign <= 0 then
        Right
    else
        let complaint () =
            Wrong $"{Form.vector best}, better by {Form.number (missing.ToFloat())}"

        match allowance with
        | Exactly -> complaint ()
        | OfTerms ->
            let roundings = Dyadic.roundings (2 * (number y + number best))

            let differing =
                Array.init y.Length (fun i -> if y[i] = best[i] then 0.0 else theta[i])

            let within (theta: float[]) =
                (missing - roundings * (Dyadic.dotSize y theta + Dyadic.dotSize best theta)).Sign
                <= 0

            if within differing then Right
            elif within theta then Coarse
            else complaint ()

/// The exactly optimal ones of some solutions.
let optimal (solutions: float[][]) (theta: float[]) : float[][] =
    // Sums of doubles with a bound on their error leave few solutions to exact arithmetic.
    let sums =
        solutions
        |> Array.map (fun y ->
            let mutable sum, size = 0.0, 0.0

            for i in 0 .. y.Length - 1 do
                let term = y[i] * theta[i]
                sum <- sum + term
                size <- size + abs term

            let error = Math.ScaleB(float (y.Length + 2) * size, -52) + 1e-300
            struct (sum - error, sum + error))

    let bar = sums |> Array.fold (fun most (struct (low, _)) -> max most low) -infinity

    let candidates =
        solutions
        |> Array.indexed
        |> Array.filter (fun (i, _) ->
            let struct (_, high) = sums[i]
            high >= bar)
        |> Array.map snd

    if candidates.Length = 1 then
        candidates
    else
        let values = candidates |> Array.map (fun y -> Dyadic.dot y theta)
        let most = values |> Array.reduce Dyadic.max

        candidates
        |> Array.indexed
        |> Array.filter (fun (i, _) -> (values[i] - most).Sign = 0)
        |> Array.map snd

// Whether sums of these numbers fit a double, however many of them are added.
let private areSumsExact (theta: float[]) : bool =
    let used = theta |> Array.filter ((<>) 0.0) |> Array.map Dyadic.ofFloat

    used.Length = 0
    || (let lowest = used |> Array.map _.Exponent |> Array.min

        let most =
            used
            |> Array.map (fun x -> int (x.Abs.Mantissa.GetBitLength()) + x.Exponent)
            |> Array.max

        most - lowest <= 48)

/// Judges by a list of all solutions; a policy may change the θ that the choice goes by.
let listed
    (allowance: Allowance)
    (ties: Ties)
    (solutions: float[][])
    (chosenBy: float[] -> float[])
    (theta: float[])
    (answer: Answer)
    : Verdict =
    match answer with
    | Failed _ -> Wrong "an answer"
    | Solved(y, found) ->
        if not (solutions |> Array.exists (same y)) then
            Wrong "a solution; it is none"
        else
            match value y theta found with
            | Right ->
                let effective = chosenBy theta
                let best = optimal solutions effective

                let due =
                    match ties with
                    | AnyOf -> None
                    | FirstListed -> Some best[0]
                    | FirstBy compare -> Some(best |> Array.reduce (fun a b -> if compare b a < 0 then b else a))

                match gap allowance effective y best[0], due with
                | Right, Some due when best |> Array.exists (same y) && not (same y due) ->
                    // Solvers that add compare rounded sums: the rule binds them where nothing rounds.
                    if allowance = Exactly || areSumsExact effective then
                        Wrong $"{Form.vector due}, as good and first by the rule of ties"
                    else
                        Coarse
                | verdict, _ -> verdict
            | wrong -> wrong

/// A judge that goes by the one right answer.
let only (expected: float[] -> float[]) (theta: float[]) (answer: Answer) : Verdict =
    match answer with
    | Failed _ -> Wrong "an answer"
    | Solved(y, found) ->
        let due = expected theta

        if not (same y due) then
            Wrong(Form.vector due)
        else
            value y theta found

/// A judge for oracles that refuse some θ.
let refusing
    (refuses: float[] -> bool)
    (judge: float[] -> Answer -> Verdict)
    (theta: float[])
    (answer: Answer)
    : Verdict =
    match refuses theta, answer with
    | true, Failed _ -> Right
    | true, Solved _ -> Wrong "an OracleException"
    | false, _ -> judge theta answer
