namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Alignments of two sequences.
module internal AlignmentPolytopes =

    // Alignments: each letter is used at most once, and in a global one every letter is.
    let private letters (n: int) (m: int) (kind: AlignmentKind) (y: float[]) : Requirement seq =
        let plane = n * m
        let isGlobal = kind = AlignmentKind.Global

        seq {
            for i in 0 .. y.Length - 1 do
                let most = if isGlobal && i = plane then 2.0 else 1.0
                yield! Requirement.entry y i (0.0, 1.0) (most, most) $"it runs from 0 to {most}"

            yield!
                LinearRequirements.sums
                    (Array.truncate plane y)
                    1.0
                    (false, false)
                    (Array.create n 1.0)
                    (Array.create m 1.0)

            Requirement.linear
                y
                1.0
                isGlobal
                (Array.init y.Length (fun i -> struct (i, (if i < plane then 2.0 else 1.0))))
                (float (n + m))
                (fun used ->
                    let how = if isGlobal then "exactly" else "at most"
                    $"the steps use {used} letters, two a pair and one each else; the sequences have {n + m}, of which {how} all are used")
        }

    let private ofSteps (first: int) (second: int) (kind: AlignmentKind) (_: Allowance) (y: float[]) : Membership =
        if y |> Array.forall (fun entry -> entry = Math.Floor entry) then
            PolytopeFacts.ofSolutions "alignment" (AlignmentOracle(first, second, kind)) y
        else
            Membership.Undecided
                "bounds of entries and how often each letter is used hold; whether alignments mix to it was not tried"

    /// The step counts of alignments.
    let alignments (first: int) (second: int) (kind: AlignmentKind) : PolytopeFacts =
        { PolytopeFacts.describedBy (letters first second kind) with
            AllowsUnknownEntries = true
            BeyondRequirements = ofSteps first second kind
        }
