namespace Perturbed.Functional

/// Polytopes out of others: facts out of facts.
module internal CombinedPolytopes =

    // The facts of each factor at its part of a point.
    let private parts
        (factors: PolytopeFacts[])
        (dimensions: int[])
        (y: float[])
        : struct (int * PolytopeFacts * float[]) seq =
        let starts = Array.scan (+) 0 dimensions
        Seq.init factors.Length (fun k -> struct (starts[k], factors[k], Array.sub y starts[k] dimensions[k]))

    let private factorPrefix (k: int) : string = $"of factor {k}, "

    let private ofFactors
        (factors: PolytopeFacts[])
        (dimensions: int[])
        (allowance: Allowance)
        (y: float[])
        : Membership =
        let all =
            parts factors dimensions y
            |> Seq.mapi (fun k struct (_, factor, part) ->
                match factor.BeyondRequirements allowance part with
                | Membership.Outside reason -> Membership.Outside(factorPrefix k + reason)
                | Membership.Undecided tried -> Membership.Undecided(factorPrefix k + tried)
                | Membership.Inside -> Membership.Inside)
            |> Seq.cache

        all
        |> Seq.tryFind _.IsOutside
        |> Option.orElseWith (fun () -> all |> Seq.tryFind _.IsUndecided)
        |> Option.defaultValue Membership.Inside

    /// Points that are concatenations of a point of each factor.
    let product (factors: PolytopeFacts[]) (dimensions: int[]) : PolytopeFacts =
        {
            LargestInteger = factors |> Array.map _.LargestInteger |> Array.fold max 0.0
            Ones = 0
            Requirements =
                fun y ->
                    parts factors dimensions y
                    |> Seq.mapi (fun k struct (start, factor, part) ->
                        factor.Requirements part
                        |> Seq.map (Requirement.mapTerms ((+) start) 1.0 (factorPrefix k)))
                    |> Seq.concat
            AllowsUnknownEntries = false
            BeyondRequirements = ofFactors factors dimensions
            IsVertex =
                fun y ->
                    parts factors dimensions y
                    |> Seq.forall (fun struct (_, factor, part) -> factor.IsVertex part)
            IsSolutionTestExact = factors |> Array.forall _.IsSolutionTestExact
            ClosedForm = ClosedForm.Unknown
        }

    let private opposite (y: float[]) : float[] =
        y |> Array.map (fun entry -> 0.0 - entry)

    let private oppositePrefix = "with its sign changed, "

    /// −C.
    let negated (inner: PolytopeFacts) : PolytopeFacts =
        {
            LargestInteger = infinity
            Ones = 0
            Requirements =
                fun y ->
                    inner.Requirements(opposite y)
                    |> Seq.map (Requirement.mapTerms id -1.0 oppositePrefix)
            AllowsUnknownEntries = false
            BeyondRequirements =
                fun allowance y ->
                    match inner.BeyondRequirements allowance (opposite y) with
                    | Membership.Outside reason -> Membership.Outside(oppositePrefix + reason)
                    | other -> other
            IsVertex = fun y -> inner.IsVertex(opposite y)
            IsSolutionTestExact = inner.IsSolutionTestExact
            ClosedForm = ClosedForm.Unknown
        }

    // The requirements of the whole that need the given coordinates alone.
    let private ofPart (inner: PolytopeFacts) (dimension: int) (coordinates: int[]) (y: float[]) : Requirement seq =
        let whole = Array.create dimension nan
        coordinates |> Array.iteri (fun i coordinate -> whole[coordinate] <- y[i])

        inner.Requirements whole
        |> Seq.filter (fun r -> not (System.Double.IsNaN r.Value))
        |> Seq.map (fun r ->
            { r with
                Description = fun () -> "of the whole point, " + r.Description()
            }
            |> Requirement.notOfBoundary)

    /// Some coordinates of the points of a polytope of the given dimension.
    let projection (inner: PolytopeFacts) (dimension: int) (coordinates: int[]) : PolytopeFacts =
        {
            LargestInteger = inner.LargestInteger
            Ones = 0
            Requirements =
                if inner.AllowsUnknownEntries then
                    ofPart inner dimension coordinates
                else
                    fun _ -> Seq.empty
            AllowsUnknownEntries = false
            BeyondRequirements =
                PolytopeFacts.necessary
                    "bounds and sums of the coordinates at hand hold; whether the others can be chosen to them was not tried"
            IsVertex = PolytopeFacts.everySolution
            IsSolutionTestExact = true
            ClosedForm = ClosedForm.Unknown
        }

    /// A user's own solver.
    let unknown: PolytopeFacts =
        { PolytopeFacts.describedBy (fun _ -> Seq.empty) with
            BeyondRequirements = PolytopeFacts.necessary "nothing is known of the hull of the oracle's solutions"
        }
