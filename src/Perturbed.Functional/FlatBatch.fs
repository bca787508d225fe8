namespace Perturbed.Functional

open System

/// <summary>The derivative of y*_ε over a batch, still to be asked for: <c>FlatBatch.Pullback</c> makes it.</summary>
/// <remarks>What was kept of the first pass goes to other calls after one <c>Back</c>, or with <c>Dispose</c>. A later
/// <c>Back</c> draws and solves again, for the same bits.</remarks>
[<Sealed>]
type FlatPullback internal (smoothed: Smoothed, rows: int, memory: CallMemory, pullback: Pullback) =
    let d, k = smoothed.Oracle.Dimension, smoothed.Oracle.SolutionDimension

    let mutable kept: struct (CallMemory * Pullback) voption =
        ValueSome(struct (memory, pullback))

    /// The first pass in memory that other calls take up.
    static member internal Solve(smoothed: Smoothed, thetas: ReadOnlySpan<float>, memory: CallMemory) : Pullback =
        let settings =
            { smoothed.Settings with
                Memory = memory
            }

        (smoothed.With settings).Expectations.Pullback(ThetaBatch.ofSpan settings (nameof thetas) thetas)

    /// <summary>Writes the vector-Jacobian products.</summary>
    /// <param name="thetas">B × d, as they were given to <c>FlatBatch.Pullback</c>.</param>
    /// <param name="cotangents">B × k: row r is the gradient of a loss with respect to row r of y; finite.</param>
    /// <param name="gradients">B × d, written.</param>
    /// <exception cref="T:System.ArgumentException">Another length, NaN or ∞, noise without a score, or a zero in θ
    /// under multiplicative noise.</exception>
    member _.Back(thetas: ReadOnlySpan<float>, cotangents: ReadOnlySpan<float>, gradients: Span<float>) : unit =
        Check.length (nameof thetas) thetas.Length (rows * d) "B × d"
        Check.length (nameof cotangents) cotangents.Length (rows * k) "B × k"
        Check.length (nameof gradients) gradients.Length (rows * d) "B × d"

        let struct (memory, first) =
            match kept with
            | ValueSome(struct (memory, first)) -> struct (memory, ValueSome first)
            | ValueNone -> struct (CallMemory.Take(), ValueNone)

        kept <- ValueNone

        try
            let pullback =
                match first with
                | ValueSome pullback -> pullback
                | ValueNone -> FlatPullback.Solve(smoothed, thetas, memory)

            let g: float[] = memory.Rent cotangents.Length
            cotangents.CopyTo(Span g)
            Check.finiteVector (nameof cotangents) g
            (ReadOnlySpan(pullback.Back g)).CopyTo gradients
        finally
            memory.Release()

    /// Gives the memory to other calls.
    member _.Dispose() : unit =
        match kept with
        | ValueSome(struct (memory, _)) ->
            kept <- ValueNone
            memory.Release()
        | ValueNone -> ()

    interface IDisposable with
        member this.Dispose() = this.Dispose()

/// <summary>Operators on batches in memory of the caller, row-major numbers in and out, for adapters to other
/// libraries: the numbers of <c>Batch</c>, to the bit.</summary>
/// <remarks>A call takes its arrays from calls before it, so that calls of the same sizes allocate nothing that grows
/// with the dimension or M, and a few numbers a row. Safe to call from many threads. B is the length of θ over d; 0 is
/// legal.</remarks>
[<AbstractClass; Sealed>]
type FlatBatch private () =

    // The settings of a call and its θ; the memory goes to other calls afterwards.
    static member private With
        (smoothed: Smoothed, name: string, thetas: ReadOnlySpan<float>)
        : struct (CallMemory * Smoothed * ThetaBatch) =
        Check.notNull (nameof smoothed) smoothed
        let memory = CallMemory.Take()

        try
            let settings =
                { smoothed.Settings with
                    Memory = memory
                }

            struct (memory, smoothed.With settings, ThetaBatch.ofSpan settings name thetas)
        with _ ->
            memory.Release()
            reraise ()

    static member private RequireLinear(smoothed: Smoothed) : unit =
        let oracle = smoothed.Oracle

        if oracle.Dimension <> oracle.SolutionDimension then
            invalidArg
                (nameof smoothed)
                $"The oracle '{oracle.Name}' maps dimension {oracle.Dimension} to {oracle.SolutionDimension}; F_ε and \
                  its losses pair θ with solutions of the same dimension."

    /// <summary>y*_ε of every row.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, finite.</param>
    /// <param name="solutions">B × k, written.</param>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ (the row is named).</exception>
    static member Maximizer(smoothed: Smoothed, thetas: ReadOnlySpan<float>, solutions: Span<float>) : unit =
        let struct (memory, op, batch) = FlatBatch.With(smoothed, nameof thetas, thetas)

        try
            Check.length (nameof solutions) solutions.Length (batch.Rows * op.Oracle.SolutionDimension) "B × k"
            (ReadOnlySpan(op.Expectations.Maximizer batch)).CopyTo solutions
        finally
            memory.Release()

    /// <summary>F_ε of every row and its gradient, from one set of solves.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, finite.</param>
    /// <param name="values">B, written, in the unit of θ.</param>
    /// <param name="gradients">B × d, written.</param>
    /// <exception cref="T:System.ArgumentException">As <c>Batch.maximumAndGradient</c>, or a wrong length.</exception>
    static member MaximumAndGradient
        (smoothed: Smoothed, thetas: ReadOnlySpan<float>, values: Span<float>, gradients: Span<float>)
        : unit =
        let struct (memory, op, batch) = FlatBatch.With(smoothed, nameof thetas, thetas)

        try
            FlatBatch.RequireLinear op
            Check.length (nameof values) values.Length batch.Rows "B"
            Check.length (nameof gradients) gradients.Length thetas.Length "B × d"
            let answer = op.Expectations.ValueAndGradient batch
            let maxima, means = answer.Values, answer.Gradients
            (ReadOnlySpan maxima.Value).CopyTo values
            (ReadOnlySpan means).CopyTo gradients
        finally
            memory.Release()

    /// <summary>The Fenchel-Young loss of every row and its gradient, for targets of which the caller knows that they
    /// are in conv(Y).</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, finite.</param>
    /// <param name="targets">B × d, finite.</param>
    /// <param name="losses">B, written: F_ε(θ) + εΩ(y) − ⟨θ, y⟩, without εΩ(y) where it is not known.</param>
    /// <param name="gradients">B × d, written.</param>
    /// <exception cref="T:System.ArgumentException">As <c>FenchelYoung.valueAndGradientUnchecked</c>, or a wrong
    /// length.</exception>
    static member FenchelYoungUnchecked
        (
            smoothed: Smoothed,
            thetas: ReadOnlySpan<float>,
            targets: ReadOnlySpan<float>,
            losses: Span<float>,
            gradients: Span<float>
        ) : unit =
        Check.length (nameof targets) targets.Length thetas.Length "B × d"
        let struct (memory, op, batch) = FlatBatch.With(smoothed, nameof thetas, thetas)

        try
            FlatBatch.RequireLinear op
            let d = op.Oracle.Dimension
            Check.length (nameof losses) losses.Length batch.Rows "B"
            Check.length (nameof gradients) gradients.Length thetas.Length "B × d"

            for i in 0 .. targets.Length - 1 do
                if not (Double.IsFinite targets[i]) then
                    invalidArg
                        (nameof targets)
                        $"targets[{i / d}, {i % d}] is {targets[i]} (row {i / d}); every entry must be finite."

            let answer = op.Expectations.ValueAndGradient batch
            let maxima, means = answer.Values, answer.Gradients

            for row in 0 .. batch.Rows - 1 do
                let theta = batch.Row row
                let target = targets.Slice(row * d, d)
                let regularizer = KnownRegularizer.inside op.Settings row target
                let mutable inner = 0.0

                for i in 0 .. d - 1 do
                    inner <- inner + theta[i] * target[i]
                    gradients[row * d + i] <- means[row * d + i] - target[i]

                let gap = maxima.Value[row] - inner
                losses[row] <- if Double.IsNaN regularizer then gap else gap + regularizer
        finally
            memory.Release()

    /// <summary>y*_ε of every row, and its derivative, from one set of solves.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, finite.</param>
    /// <param name="solutions">B × k, written.</param>
    /// <returns>The vector-Jacobian products, once they are asked for.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ (the row is named).</exception>
    static member Pullback(smoothed: Smoothed, thetas: ReadOnlySpan<float>, solutions: Span<float>) : FlatPullback =
        Check.notNull (nameof smoothed) smoothed
        let memory = CallMemory.Take()

        try
            let pullback = FlatPullback.Solve(smoothed, thetas, memory)
            Check.length (nameof solutions) solutions.Length pullback.Value.Length "B × k"
            (ReadOnlySpan pullback.Value).CopyTo solutions
            new FlatPullback(smoothed, thetas.Length / smoothed.Oracle.Dimension, memory, pullback)
        with _ ->
            memory.Release()
            reraise ()
