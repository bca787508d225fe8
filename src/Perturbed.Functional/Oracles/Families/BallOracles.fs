namespace Perturbed.Functional

open Perturbed.Kernels

/// Balls of norms, boxes and the spectraplex.
module internal BallOracles =

    let l1Ball (radius: float) (dimension: int) : Oracle =
        L1BallOracle(dimension, radius)
        |> Construct.builtIn (Polytope.L1Ball(dimension, radius))

    let box (lower: float[]) (upper: float[]) : Oracle =
        BoxOracle(lower, upper)
        |> Construct.builtIn (Polytope.Box(Array.copy lower, Array.copy upper))

    let unitBox (dimension: int) : Oracle =
        Check.dimension (nameof dimension) dimension
        box (Array.zeroCreate dimension) (Array.create dimension 1.0)

    let sign (dimension: int) : Oracle =
        Check.dimension (nameof dimension) dimension
        box (Array.create dimension -1.0) (Array.create dimension 1.0)

    let groupBall (groups: int[]) (radius: float) : Oracle =
        GroupBallOracle(groups, radius)
        |> Construct.builtIn (Polytope.GroupBall(Array.copy groups, radius))

    let nuclearBall (radius: float) (rows: int) (columns: int) : Oracle =
        NuclearBallOracle(rows, columns, radius)
        |> Construct.builtInSlow (Polytope.NuclearBall(rows, columns, radius))

    let spectraplex (size: int) : Oracle =
        SpectraplexOracle size |> Construct.builtInSlow (Polytope.Spectraplex size)
