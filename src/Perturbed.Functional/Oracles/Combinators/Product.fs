namespace Perturbed.Functional

open System

/// Solves every factor on its coordinates of θ.
[<Sealed>]
type internal ProductSolver(factors: IOracle[]) =
    let solvers = factors |> Array.map _.CreateSolver()
    let d = factors |> Array.sumBy _.Dimension
    let input, output, partial = Scratch(), Scratch(), Scratch()

    interface ISolver with
        member _.Cancellation
            with set token =
                for solver in solvers do
                    solver.Cancellation <- token

        member _.Begin(row, theta) =
            let mutable start = 0

            for i in 0 .. factors.Length - 1 do
                solvers[i].Begin(row, theta.Slice(start, factors[i].Dimension))
                start <- start + factors[i].Dimension

        member _.Solve(thetas, solutions, values) =
            let n = CallShape.rows d d thetas solutions values
            values.Clear()
            let mutable start = 0

            for i in 0 .. factors.Length - 1 do
                let width = factors[i].Dimension
                let part = input.Take(n * width)
                let answer = output.Take(n * width)
                let optimum = partial.Take values.Length

                for m in 0 .. n - 1 do
                    thetas.Slice(m * d + start, width).CopyTo(part.Slice(m * width, width))

                solvers[i].Solve(Span.op_Implicit part, answer, optimum)

                for m in 0 .. n - 1 do
                    answer.Slice(m * width, width).CopyTo(solutions.Slice(m * d + start, width))

                for m in 0 .. values.Length - 1 do
                    values[m] <- values[m] + optimum[m]

                start <- start + width

/// The direct sum: y = (y₁, …, y_n), each the answer of its factor to its coordinates of θ.
[<Sealed>]
type internal ProductOracle(factors: IOracle[]) =
    let d = factors |> Array.sumBy _.Dimension

    interface IOracle with
        member _.Name = "product(" + String.Join(", ", factors |> Array.map _.Name) + ")"

        member _.Dimension = d
        member _.SolutionDimension = d
        member _.DependsOnInstance = factors |> Array.exists _.DependsOnInstance
        member _.HasOffset = factors |> Array.exists _.HasOffset
        member _.BatchSize = factors |> Array.map CallRows.ofOracle |> Array.min
        member _.IsReproducible = factors |> Array.forall _.IsReproducible

        member _.Shortfall(theta, distance) =
            let mutable total = 0.0
            let mutable start = 0

            for factor in factors do
                total <- total + factor.Shortfall(theta.Slice(start, factor.Dimension), distance)
                start <- start + factor.Dimension

            total

        member _.IsSolution y =
            let mutable isSolution = y.Length = d
            let mutable start = 0

            for factor in factors do
                isSolution <- isSolution && factor.IsSolution(y.Slice(start, factor.Dimension))
                start <- start + factor.Dimension

            isSolution

        member _.CreateSolver() = ProductSolver factors
