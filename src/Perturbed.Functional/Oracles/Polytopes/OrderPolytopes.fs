namespace Perturbed.Functional

/// The largest entries and the permutations of a vector.
module internal OrderPolytopes =

    // 0 ≤ y ≤ 1 with the sum k.
    let private ofSum (k: int) (y: float[]) : Requirement seq =
        Seq.append (LinearRequirements.unitEntries y) [ LinearRequirements.total y 1.0 (float k) ]

    /// One-hot vectors.
    let simplex: PolytopeFacts =
        { PolytopeFacts.describedBy (ofSum 1) with
            LargestInteger = 1.0
            Ones = 1
            AllowsUnknownEntries = true
            ClosedForm = ClosedForm.Argmax
        }

    /// k-hot vectors.
    let hypersimplex (dimension: int) (k: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (ofSum k) with
            LargestInteger = 1.0
            Ones = if 32L * int64 k <= int64 dimension then k else 0
            AllowsUnknownEntries = true
            ClosedForm = ClosedForm.Top k
        }

    /// Majorisation: any m entries of y sum to no less than the m smallest of v, and all to the same.
    let private majorisation (v: float[]) (y: float[]) : Requirement seq =
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
                    LinearRequirements.total y range least
                elif m > 1 then
                    {
                        Value = -total
                        Bound = -least
                        Size = size
                        Range = float m * range
                        IsEquation = false
                        Terms = ValueSome(fun () -> Array.init count (fun i -> struct (order[i], -1.0)))
                        Margin = 0.0
                        Description =
                            fun () ->
                                $"the {count} smallest entries sum to {total}; those of any permutation sum to {least} or more"
                    }
        }

    /// The permutations of v, ascending.
    let permutahedron (v: float[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (majorisation v) with
            LargestInteger = PolytopeFacts.largestInteger v
            ClosedForm = ClosedForm.Ranking v
        }
