namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums of the terms of a score-function derivative, by the design of the samples.
module internal ScoreSums =

    /// The terms that data describes.
    let termsOf (s: Settings) (term: ScoreTerm) : ScoreTerms =
        let d, k = s.Oracle.Dimension, s.Oracle.SolutionDimension

        match term with
        | ScoreTerm.VectorJacobian(cotangents, centre) -> ScoreTerms.vectorJacobian d k cotangents centre
        | ScoreTerm.JacobianVector(tangents, centre) -> ScoreTerms.jacobianVector d k tangents centre
        | ScoreTerm.Jacobian centre -> ScoreTerms.jacobian d k centre
        | ScoreTerm.ValueScore centre -> ScoreTerms.valueScore d centre
        | ScoreTerm.ValueHessianVector(vectors, centre) -> ScoreTerms.valueHessianVector s.Noise d vectors centre
        | ScoreTerm.ValueJacobian centre -> ScoreTerms.valueJacobian s.Noise d centre

    // Σ t over independent samples, and Σ t² behind it where asked.
    let private ofIndependent (terms: ScoreTerms) (withSquares: bool) : Accumulation =
        let length = terms.Length

        let stateLength =
            Sizes.Product("smoothed", "The sums of the derivative", (if withSquares then 2L else 1L), int64 length)

        { new Accumulation(stateLength, Needs.Scores ||| terms.Needs) with
            member _.Add(block, state) =
                let squares = if withSquares then state.Slice length else Span.Empty
                terms.Add(&block, state.Slice(0, length), squares)
        }

    /// Σ t, with what its standard errors need where asked; of dependent samples, each sample's group left out of its
    /// baseline where asked.
    let accumulation
        (s: Settings)
        (term: ScoreTerm)
        (leavesGroupsOut: bool)
        (withErrors: bool)
        (used: float[])
        : Accumulation =
        let groups = Sampler.groups s
        let terms = termsOf s term

        if groups.IsIndependent then
            ofIndependent terms withErrors
        else
            // What is left out of a group sums to 0 over its mirrored samples.
            let cancels = terms.IsOdd && Sampler.isMirrored s
            GroupSums.create groups terms (leavesGroupsOut && not cancels) withErrors used
