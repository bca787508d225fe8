/// Operators under every sampling design, and the samples that a design draws.
module Perturbed.Functional.Tests.Theory.Designs

open System
open Perturbed.Functional

let all: SamplingDesign list =
    [
        SamplingDesign.Independent
        SamplingDesign.Antithetic
        SamplingDesign.Orthogonal
        SamplingDesign.AntitheticOrthogonal
        SamplingDesign.LatinHypercube 1
        SamplingDesign.LatinHypercube 4
        SamplingDesign.Sobol 1
        SamplingDesign.Sobol 4
    ]

let needsGaussian (design: SamplingDesign) : bool =
    design = SamplingDesign.Orthogonal
    || design = SamplingDesign.AntitheticOrthogonal

let correlated: INoise =
    Noise.gaussianWith (
        array2D [ [ 2.0; 0.5; -0.3; 0.0 ]; [ 0.5; 1.0; 0.2; 0.1 ]; [ -0.3; 0.2; 0.7; 0.0 ]; [ 0.0; 0.1; 0.0; 1.5 ] ]
    )

/// Every design on a noise that allows it.
let on (noise: INoise) : SamplingDesign list =
    let isGaussian = noise.Name.Contains "gaussian"
    all |> List.filter (fun design -> isGaussian || not (needsGaussian design))

/// The M × d samples of the noise that an operator's first row takes.
let noiseOf (op: Smoothed) : float[][] =
    let d = op.Oracle.Dimension
    let z: float[] = Array.zeroCreate (op.Samples * d)
    (Sampler.create op.Settings).Fill(uint32 op.FirstRow, 0, Span z)
    Array.chunkBySize d z

/// Their scores as the operator takes them: those of independent samples as the noise draws them, without rounding of the samples.
let scoresOf (op: Smoothed) : float[][] =
    if op.Sampling = SamplingDesign.Independent then
        Cases.scoresOf op
    else
        let scores: float[] = Array.zeroCreate (op.Samples * op.Oracle.Dimension)
        op.Noise.Score(ReadOnlySpan(Array.concat (noiseOf op)), op.Oracle.Dimension, Span scores)
        Array.chunkBySize op.Oracle.Dimension scores

/// The samples of each group, as numbers from 0.
let groupsOf (op: Smoothed) : int[][] =
    let groups = Sampler.groups op.Settings
    Array.init op.Samples id |> Array.chunkBySize groups.Size
