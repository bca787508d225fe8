namespace Perturbed.Functional

open System

/// Solves with some coordinates of θ fixed, and answers the others.
[<Sealed>]
type internal RestrictedSolver(inner: IOracle, free: int[], template: float[]) =
    let solver = inner.CreateSolver()
    let d = template.Length
    let input, output = Scratch(), Scratch()

    let expand (thetas: ReadOnlySpan<float>) (n: int) : Span<float> =
        let full = input.Take(n * d)

        for m in 0 .. n - 1 do
            template.AsSpan().CopyTo(full.Slice(m * d, d))

            for i in 0 .. free.Length - 1 do
                full[m * d + free[i]] <- thetas[m * free.Length + i]

        full

    let select (answer: Span<float>) (solutions: Span<float>) : unit =
        for m in 0 .. solutions.Length / free.Length - 1 do
            for i in 0 .. free.Length - 1 do
                solutions[m * free.Length + i] <- answer[m * d + free[i]]

    interface ISolver with
        member _.Cancellation
            with set token = solver.Cancellation <- token

        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (expand theta 1))

        member _.Solve(thetas, solutions, values) =
            let n = CallShape.rows free.Length free.Length thetas solutions values
            let answer = output.Take(n * d)
            solver.Solve(Span.op_Implicit (expand thetas n), answer, values)
            select answer solutions

        member _.TrySolve(thetas, solutions, values, failures) =
            let answer = output.Take(failures.Length * d)
            solver.TrySolve(Span.op_Implicit (expand thetas failures.Length), answer, values, failures)
            select answer solutions

/// argmax over y ∈ Y of ⟨y_S, θ⟩ + ⟨y_R, c_R⟩, answered as y_S.
[<Sealed>]
type internal RestrictedOracle(inner: IOracle, free: int[], template: float[]) =
    interface IOracle with
        member _.Name = $"restricted({inner.Name})"
        member _.Dimension = free.Length
        member _.SolutionDimension = free.Length
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = true
        member _.BatchSize = CallRows.ofOracle inner
        member _.IsReproducible = inner.IsReproducible

        // What solutions differ by in fixed entries is not known here.
        member _.Shortfall(theta, distance) =
            let whole = Array.copy template

            for i in 0 .. free.Length - 1 do
                whole[free[i]] <- theta[i]

            inner.Shortfall(ReadOnlySpan whole, distance)

        member _.IsSolution _ = false
        member _.CreateSolver() = RestrictedSolver(inner, free, template)
