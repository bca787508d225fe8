namespace Perturbed.Functional

open System
open System.Threading

/// A user's solver of max over y of ⟨g(y), θ⟩ + h(y), row by row; its answers are validated.
[<Sealed>]
type internal GeneralisedSolver<'Y>(name: string, d: int, maximizer: float[] -> 'Y, g: 'Y -> float[], h: 'Y -> float) =
    let mutable row = 0L
    let mutable cancellation = CancellationToken.None

    let fail (reason: string) : unit =
        raise (OracleException(name, row, reason))

    interface ISolver with
        member _.Cancellation
            with set token = cancellation <- token

        member _.Begin(instance, _) = row <- instance

        member _.Solve(thetas, solutions, values) =
            let n = CallShape.rows d d thetas solutions values

            for m in 0 .. n - 1 do
                cancellation.ThrowIfCancellationRequested()
                let theta = thetas.Slice(m * d, d)

                let struct (features, offset) =
                    try
                        let y = maximizer (theta.ToArray())
                        struct (g y, h y)
                    with
                    | :? OperationCanceledException
                    | :? SolveFailedException -> reraise ()
                    | e -> raise (OracleException(name, row, $"it threw {e.GetType().Name}: {e.Message}", e))

                if isNull (box features) then
                    fail "g(y) is null."

                if features.Length <> d then
                    fail $"g(y) has length {features.Length}; the dimension is {d}."

                if not (Double.IsFinite offset) then
                    fail $"h(y) is {offset}; it must be finite."

                let mutable value = offset

                for i in 0 .. d - 1 do
                    if not (Double.IsFinite features[i]) then
                        fail $"entry {i} of g(y) is {features[i]}; every entry must be finite."

                    value <- value + features[i] * theta[i]

                features.AsSpan().CopyTo(solutions.Slice(m * d, d))

                if values.Length > 0 then
                    values[m] <- value

/// A user's generalised maximizer; its solution is g(y).
[<Sealed>]
type internal GeneralisedOracle<'Y>(name: string, d: int, maximizer: float[] -> 'Y, g: 'Y -> float[], h: 'Y -> float) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = d
        member _.SolutionDimension = d
        member _.DependsOnInstance = false
        member _.HasOffset = true
        member _.IsSolution _ = false

        member _.CreateSolver() =
            GeneralisedSolver(name, d, maximizer, g, h)
