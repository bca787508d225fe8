namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// Solutions without noise.
module internal Unperturbed =

    // Many rows a call, as solvers like it.
    let private mostRowsOfCall = 64

    /// The unperturbed solutions y*(θ), rows × k, and values F(θ).
    let solve
        (oracle: Oracle)
        (cancellation: CancellationToken)
        (numbers: RowNumbers)
        (thetas: float[])
        (rows: int)
        : struct (float[] * float[]) =
        let d, k = oracle.Dimension, oracle.SolutionDimension
        let solutions: float[] = Sizes.Zeros("thetas", "The solutions", int64 rows, int64 k)
        let values: float[] = Array.zeroCreate rows
        let solver = oracle.Rent cancellation

        let solve (first: int) (count: int) : unit =
            cancellation.ThrowIfCancellationRequested()

            solver.Solve(
                ReadOnlySpan(thetas, first * d, count * d),
                Span(solutions, first * k, count * k),
                Span(values, first, count)
            )

        let rowByRow (first: int) (count: int) : unit =
            for row in first .. first + count - 1 do
                try
                    solver.Begin(numbers.Instance row, ReadOnlySpan(thetas, row * d, d))
                    solve row 1
                with error ->
                    match numbers.Locate(error, oracle.Name, row, -1L) with
                    | null -> reraise ()
                    | located -> raise located

        let rowsOfCall = min mostRowsOfCall oracle.CallRows

        if oracle.Implementation.DependsOnInstance || rowsOfCall = 1 then
            rowByRow 0 rows
        else
            for first in 0..rowsOfCall .. rows - 1 do
                let count = min rowsOfCall (rows - first)

                try
                    solve first count
                with
                | :? OracleException
                | :? SolveFailedException ->
                    // Row by row, so that the error names its own row.
                    rowByRow first count
                    reraise ()

        // A solver that threw is not returned to the pool.
        oracle.Return solver
        struct (solutions, values)
