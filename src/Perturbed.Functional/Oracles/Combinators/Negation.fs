namespace Perturbed.Functional

open System

/// Solves at −θ and changes the sign of the answer.
[<Sealed>]
type internal NegatedSolver(inner: IOracle) =
    let solver = inner.CreateSolver()
    let input = Scratch()

    let negate (thetas: ReadOnlySpan<float>) : Span<float> =
        let negated = input.Take thetas.Length

        for i in 0 .. thetas.Length - 1 do
            negated[i] <- -thetas[i]

        negated

    let negateAnswers (solutions: Span<float>) : unit =
        for i in 0 .. solutions.Length - 1 do
            // 0 − y, because −0 has other bits than 0, and solutions are compared by bits.
            solutions[i] <- 0.0 - solutions[i]

    interface ISolver with
        member _.Cancellation
            with set token = solver.Cancellation <- token

        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (negate theta))

        member _.Solve(thetas, solutions, values) =
            CallShape.rows inner.Dimension inner.Dimension thetas solutions values |> ignore
            solver.Solve(Span.op_Implicit (negate thetas), solutions, values)
            negateAnswers solutions

        member _.TrySolve(thetas, solutions, values, failures) =
            solver.TrySolve(Span.op_Implicit (negate thetas), solutions, values, failures)
            negateAnswers solutions

/// argmax over −Y: −y with y the minimiser of ⟨y, θ⟩ over Y.
[<Sealed>]
type internal NegatedOracle(inner: IOracle) =
    interface IOracle with
        member _.Name = $"minimise({inner.Name})"
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset
        member _.BatchSize = CallRows.ofOracle inner
        member _.IsReproducible = inner.IsReproducible

        member _.Shortfall(theta, distance) =
            let opposite = theta.ToArray() |> Array.map (~-)
            inner.Shortfall(ReadOnlySpan opposite, distance)

        member _.IsSolution y =
            let opposite = y.ToArray() |> Array.map (fun entry -> 0.0 - entry)
            inner.IsSolution(ReadOnlySpan opposite)

        member _.CreateSolver() = NegatedSolver inner
