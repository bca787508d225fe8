namespace Perturbed.Functional

open System

/// Solves by two oracles at the same θ and subtracts.
[<Sealed>]
type internal DifferenceSolver(whole: IOracle, restricted: IOracle) =
    let first, second = whole.CreateSolver(), restricted.CreateSolver()
    let d = whole.Dimension
    let output, optimum = Scratch(), Scratch()

    interface ISolver with
        member _.Cancellation
            with set token =
                first.Cancellation <- token
                second.Cancellation <- token

        member _.Begin(row, theta) =
            first.Begin(row, theta)
            second.Begin(row, theta)

        member _.Solve(thetas, solutions, values) =
            CallShape.rows d d thetas solutions values |> ignore
            let answer = output.Take solutions.Length
            let value = optimum.Take values.Length
            first.Solve(thetas, solutions, values)
            second.Solve(thetas, answer, value)

            for i in 0 .. solutions.Length - 1 do
                solutions[i] <- solutions[i] - answer[i]

            for m in 0 .. values.Length - 1 do
                values[m] <- values[m] - value[m]

/// y*(θ) − y*(θ; Y_p), with the value F(θ) − F(θ; Y_p): no argmax, but the gradient of its value, as the engine needs.
[<Sealed>]
type internal DifferenceOracle(whole: IOracle, restricted: IOracle) =
    interface IOracle with
        member _.Name = $"{whole.Name} minus {restricted.Name}"
        member _.Dimension = whole.Dimension
        member _.SolutionDimension = whole.Dimension
        member _.DependsOnInstance = whole.DependsOnInstance || restricted.DependsOnInstance
        member _.HasOffset = whole.HasOffset || restricted.HasOffset
        member _.BatchSize = min (CallRows.ofOracle whole) (CallRows.ofOracle restricted)
        member _.IsReproducible = whole.IsReproducible && restricted.IsReproducible
        member _.IsSolution _ = false

        member _.CreateSolver() = DifferenceSolver(whole, restricted)
