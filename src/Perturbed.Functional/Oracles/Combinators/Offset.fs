namespace Perturbed.Functional

open System

/// Solves at θ + c.
[<Sealed>]
type internal ShiftedSolver(inner: IOracle, offset: float[]) =
    let solver = inner.CreateSolver()
    let d = offset.Length
    let input = Scratch()

    let shift (thetas: ReadOnlySpan<float>) : Span<float> =
        let shifted = input.Take thetas.Length

        for i in 0 .. thetas.Length - 1 do
            shifted[i] <- thetas[i] + offset[i % d]

        shifted

    interface ISolver with
        member _.Cancellation
            with set token = solver.Cancellation <- token

        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (shift theta))

        member _.Solve(thetas, solutions, values) =
            CallShape.rows d d thetas solutions values |> ignore
            solver.Solve(Span.op_Implicit (shift thetas), solutions, values)

        member _.TrySolve(thetas, solutions, values, failures) =
            solver.TrySolve(Span.op_Implicit (shift thetas), solutions, values, failures)

/// argmax over y ∈ Y of ⟨y, θ⟩ + ⟨c, y⟩.
[<Sealed>]
type internal ShiftedOracle(inner: IOracle, offset: float[]) =
    interface IOracle with
        member _.Name = $"offset({inner.Name})"
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = true
        member _.BatchSize = CallRows.ofOracle inner
        member _.IsReproducible = inner.IsReproducible

        member _.Shortfall(theta, distance) =
            let shifted = Array.init theta.Length (fun _ -> 0.0)

            for i in 0 .. theta.Length - 1 do
                shifted[i] <- theta[i] + offset[i]

            inner.Shortfall(ReadOnlySpan shifted, distance)

        member _.IsSolution y = inner.IsSolution y
        member _.CreateSolver() = ShiftedSolver(inner, offset)
