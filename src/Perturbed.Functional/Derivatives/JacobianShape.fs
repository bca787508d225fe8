namespace Perturbed.Functional

open Perturbed.Kernels

/// The shape of a Jacobian: k × d out of solutions, d × d out of values.
module internal JacobianShape =

    /// Height and width; an error where the Jacobians of so many rows fit no array.
    let require (s: Settings) (formula: DerivativeFormula) (rows: int) : struct (int * int) =
        let width = s.Oracle.Dimension

        let height =
            match formula with
            | DerivativeFormula.OfMaximizer -> s.Oracle.SolutionDimension
            | DerivativeFormula.OfMaximum -> width

        if rows = 1 then
            Sizes.Require<float>("smoothed", "The Jacobian", int64 height, int64 width)
        else
            Sizes.Require<float>("thetas", "The Jacobian of the batch", int64 rows, int64 height, int64 width)

        struct (height, width)
