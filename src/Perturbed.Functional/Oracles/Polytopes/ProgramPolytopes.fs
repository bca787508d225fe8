namespace Perturbed.Functional

/// Boxes, inequalities and 0/1 selections.
module internal ProgramPolytopes =

    let private within (lower: float[]) (upper: float[]) (y: float[]) : Requirement seq =
        LinearRequirements.entriesWithin y (fun i -> struct (lower[i], upper[i]))

    /// {lower ≤ y ≤ upper}.
    let box (lower: float[]) (upper: float[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (within lower upper) with
            LargestInteger = PolytopeFacts.largestInteger (Seq.append lower upper)
            AllowsUnknownEntries = true
            ClosedForm = ClosedForm.Box(lower, upper)
        }

    // {A y ≤ b, l ≤ y ≤ u}. How far an entry may lie beyond a bound by rounding is what the rows it is in would allow.
    let private satisfied (a: float[,]) (b: float[]) (lower: float[]) (upper: float[]) (y: float[]) : Requirement seq =
        let sizes =
            Array.init b.Length (fun i ->
                let mutable size = abs b[i]

                for j in 0 .. y.Length - 1 do
                    size <- size + abs (a[i, j] * y[j])

                size)

        let scale (j: int) : float =
            let mutable least = infinity

            for i in 0 .. b.Length - 1 do
                if a[i, j] <> 0.0 then
                    least <- min least (sizes[i] / abs a[i, j])

            if least < infinity then least else 0.0

        seq {
            for j in 0 .. y.Length - 1 do
                let range = scale j

                yield!
                    Requirement.entry y j (lower[j], range) (upper[j], range) $"it runs from {lower[j]} to {upper[j]}"

            yield! LinearRequirements.constraints a b 0.0 y
        }

    /// {A y ≤ b, l ≤ y ≤ u}. The vertex test of linear programs allows for more rounding than the requirements do.
    let inequalities (a: float[,]) (b: float[]) (lower: float[]) (upper: float[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (satisfied a b lower upper) with
            IsSolutionTestExact = false
        }

    // 0/1 selections within the capacities, as far as W y ≤ c and items that fit alone tell.
    let private affordable (weights: int[,]) (capacities: int[]) (y: float[]) : Requirement seq =
        let tooHeavy (i: int) =
            seq { 0 .. capacities.Length - 1 }
            |> Seq.tryFind (fun k -> weights[k, i] > capacities[k])

        seq {
            for i in 0 .. y.Length - 1 do
                match tooHeavy i with
                | None -> yield! Requirement.entry y i (0.0, 1.0) (1.0, 1.0) LinearRequirements.unitWords
                | Some k ->
                    let description =
                        $"its weight {weights[k, i]} is above the capacity {capacities[k]}, so it must be 0"

                    yield! Requirement.entry y i (0.0, 1.0) (0.0, 1.0) description

            yield! LinearRequirements.constraints (Array2D.map float weights) (Array.map float capacities) 1.0 y
        }

    // W y ≤ c decides 0/1 points.
    let private ofFractions: Allowance -> float[] -> Membership =
        fun _ y ->
            if PolytopeFacts.isBinary y then
                Membership.Inside
            else
                Membership.Undecided
                    "bounds of entries and the capacities hold; whether selections of whole items mix to it is hard to decide"

    /// The 0/1 selections with W y ≤ c.
    let knapsack (weights: int[,]) (capacities: int[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (affordable weights capacities) with
            LargestInteger = 1.0
            BeyondRequirements = ofFractions
        }
