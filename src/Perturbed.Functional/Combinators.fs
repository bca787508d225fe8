namespace Perturbed.Functional

open System

/// Memory that a combinator hands to the solvers inside it: it grows to the largest call and stays.
[<Sealed>]
type internal Scratch() =
    let mutable numbers: float[] = [||]

    member _.Take(count: int) : Span<float> =
        if numbers.Length < count then
            numbers <- Array.zeroCreate count

        Span(numbers, 0, count)

/// What the solvers of combinators check of a call before they slice it; how many rows it has.
module internal CallShape =

    let rows (d: int) (k: int) (thetas: ReadOnlySpan<float>) (solutions: Span<float>) (values: Span<float>) : int =
        let n = thetas.Length / d

        if n * d <> thetas.Length then
            invalidArg "thetas" $"thetas has length {thetas.Length}; expected a multiple of the dimension {d}."

        if solutions.Length <> n * k then
            invalidArg "solutions" $"solutions has length {solutions.Length}; expected {n} rows of {k}."

        if values.Length <> 0 && values.Length <> n then
            invalidArg "values" $"values has length {values.Length}; expected {n}, or 0 where no values are wanted."

        n

/// Solves every factor on its stretch of θ.
[<Sealed>]
type internal ProductSolver(factors: IOracle[]) =
    let solvers = factors |> Array.map _.CreateSolver()
    let d = factors |> Array.sumBy _.Dimension
    let input, output, partial = Scratch(), Scratch(), Scratch()

    interface ISolver with
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

/// The direct sum: y = (y₁, …, y_n), each the answer of its factor to its stretch of θ.
[<Sealed>]
type internal ProductOracle(factors: IOracle[]) =
    let d = factors |> Array.sumBy _.Dimension

    interface IOracle with
        member _.Name = "product(" + String.Join(", ", factors |> Array.map _.Name) + ")"

        member _.Dimension = d
        member _.SolutionDimension = d
        member _.DependsOnInstance = factors |> Array.exists _.DependsOnInstance
        member _.HasOffset = factors |> Array.exists _.HasOffset

        member _.IsSolution y =
            let mutable isSolution = y.Length = d
            let mutable start = 0

            for factor in factors do
                isSolution <- isSolution && factor.IsSolution(y.Slice(start, factor.Dimension))
                start <- start + factor.Dimension

            isSolution

        member _.CreateSolver() = ProductSolver factors

/// Solves with some coordinates of θ held fast, and answers the others.
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

    interface ISolver with
        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (expand theta 1))

        member _.Solve(thetas, solutions, values) =
            let n = CallShape.rows free.Length free.Length thetas solutions values
            let answer = output.Take(n * d)
            solver.Solve(Span.op_Implicit (expand thetas n), answer, values)

            for m in 0 .. n - 1 do
                for i in 0 .. free.Length - 1 do
                    solutions[m * free.Length + i] <- answer[m * d + free[i]]

/// argmax over y ∈ Y of ⟨y_S, θ⟩ + ⟨y_R, c_R⟩, answered as y_S.
[<Sealed>]
type internal RestrictedOracle(inner: IOracle, free: int[], template: float[]) =
    interface IOracle with
        member _.Name = $"restricted({inner.Name})"
        member _.Dimension = free.Length
        member _.SolutionDimension = free.Length
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = true
        member _.IsSolution _ = false
        member _.CreateSolver() = RestrictedSolver(inner, free, template)

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
        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (shift theta))

        member _.Solve(thetas, solutions, values) =
            CallShape.rows d d thetas solutions values |> ignore
            solver.Solve(Span.op_Implicit (shift thetas), solutions, values)

/// argmax over y ∈ Y of ⟨y, θ⟩ + ⟨c, y⟩.
[<Sealed>]
type internal ShiftedOracle(inner: IOracle, offset: float[]) =
    interface IOracle with
        member _.Name = $"offset({inner.Name})"
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = true
        member _.IsSolution y = inner.IsSolution y
        member _.CreateSolver() = ShiftedSolver(inner, offset)

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

    interface ISolver with
        member _.Begin(row, theta) =
            solver.Begin(row, Span.op_Implicit (negate theta))

        member _.Solve(thetas, solutions, values) =
            CallShape.rows inner.Dimension inner.Dimension thetas solutions values |> ignore
            solver.Solve(Span.op_Implicit (negate thetas), solutions, values)

            for i in 0 .. solutions.Length - 1 do
                // 0 − y: a −0 would be another solution to whoever compares bits.
                solutions[i] <- 0.0 - solutions[i]

/// argmax over −Y: −y with y the minimiser of ⟨y, θ⟩ over Y.
[<Sealed>]
type internal NegatedOracle(inner: IOracle) =
    interface IOracle with
        member _.Name = $"minimise({inner.Name})"
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset

        member _.IsSolution y =
            let opposite = y.ToArray() |> Array.map (fun entry -> 0.0 - entry)
            inner.IsSolution(ReadOnlySpan opposite)

        member _.CreateSolver() = NegatedSolver inner

/// A user's solver of max over y of ⟨g(y), θ⟩ + h(y), row by row, its answers distrusted.
[<Sealed>]
type internal GeneralisedSolver<'Y>(name: string, d: int, maximizer: float[] -> 'Y, g: 'Y -> float[], h: 'Y -> float) =
    let mutable row = 0L

    let fail (reason: string) : unit =
        raise (OracleException(name, row, reason))

    interface ISolver with
        member _.Begin(instance, _) = row <- instance

        member _.Solve(thetas, solutions, values) =
            let n = CallShape.rows d d thetas solutions values

            for m in 0 .. n - 1 do
                let theta = thetas.Slice(m * d, d)

                let struct (features, offset) =
                    try
                        let y = maximizer (theta.ToArray())
                        struct (g y, h y)
                    with
                    | :? OperationCanceledException -> reraise ()
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
