namespace Perturbed.Functional

open System

/// <summary>Stochastic smoothing of any function f: R^d → R^k, discrete or not: E f(θ + εZ), differentiable whatever f
/// is.</summary>
/// <remarks>The value is the mean of M calls, the Jacobian E[f(θ + εZ) ∇ν(Z)ᵀ]/ε: f itself is never
/// differentiated.</remarks>
[<Sealed>]
type SmoothedFunction internal (operator: Smoothed) =
    /// The operator it is computed with, whose "solutions" are the values of f.
    member internal _.Operator: Smoothed = operator

    /// The dimension d of θ.
    member _.Dimension: int = operator.Oracle.Dimension

    /// The dimension k of f's value.
    member _.ValueDimension: int = operator.Oracle.SolutionDimension

/// <summary>Smoothed functions: values and derivatives of E f(θ + εZ).</summary>
/// <remarks>Every function is pure, as in <c>Smoothed</c>. Nesterov and Spokoiny 2017; Berthet et al. 2020,
/// Proposition 3.1 for any f.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module SmoothedFunction =

    let private build
        (dimension: int)
        (valueDimension: int)
        (call: BlockFunction)
        (noise: INoise)
        (epsilon: float)
        (samples: int)
        : SmoothedFunction =
        let implementation =
            FunctionOracle("function", dimension, valueDimension, 1, false, (fun _ -> false), call)

        SmoothedFunction(perturb (Oracle(implementation, Polytope.Unknown valueDimension, true)) noise epsilon samples)

    /// <summary>The smoothing of a function f: R^d → R^k.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="valueDimension">k, at least 1: the length of f's value.</param>
    /// <param name="f">Any function of one θ, bounded enough for E f(θ + εZ) to exist; safe to call from many
    /// threads.</param>
    /// <param name="noise">The law of Z.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>The smoothed function.</returns>
    /// <exception cref="T:System.ArgumentException">A dimension or M below 1, ε ≤ 0, or a noise of another
    /// dimension.</exception>
    /// <example><code>
    /// // A step function, smoothed: the distribution function of the noise.
    /// let jump = Array.map (fun t -> if t > 0.0 then 1.0 else 0.0)
    /// let step = SmoothedFunction.create 1 1 jump Noise.gaussian 1.0 10_000
    /// (step |> SmoothedFunction.value [| 0.5 |]).Value // [|0.69|]
    /// (step |> SmoothedFunction.jacobian [| 0.5 |]).Value // [[0.353]]
    /// </code></example>
    let create
        (dimension: int)
        (valueDimension: int)
        (f: float[] -> float[])
        (noise: INoise)
        (epsilon: float)
        (samples: int)
        : SmoothedFunction =
        Check.positiveInt (nameof dimension) dimension
        Check.positiveInt (nameof valueDimension) valueDimension
        Check.notNull (nameof f) f

        build dimension valueDimension (FunctionOracle.Rows(valueDimension, f)) noise epsilon samples

    /// <summary>The smoothing of a function on spans, which need not allocate.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="valueDimension">k, at least 1.</param>
    /// <param name="f">Writes f(θ) into its second span; safe to call from many threads.</param>
    /// <param name="noise">The law of Z.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>The smoothed function.</returns>
    /// <exception cref="T:System.ArgumentException">A dimension or M below 1, ε ≤ 0, or a noise of another
    /// dimension.</exception>
    let ofSpanFunction
        (dimension: int)
        (valueDimension: int)
        (f: SpanFunction)
        (noise: INoise)
        (epsilon: float)
        (samples: int)
        : SmoothedFunction =
        Check.positiveInt (nameof dimension) dimension
        Check.positiveInt (nameof valueDimension) valueDimension
        Check.notNull (nameof f) f

        build dimension valueDimension (FunctionOracle.Spans(dimension, valueDimension, f)) noise epsilon samples

    /// <summary>The smoothed function with other settings, such as
    /// <c>SmoothedFunction.configure (Smoothed.withKey key)</c>.</summary>
    /// <param name="change">A function of <c>Smoothed</c> that gives a changed copy.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>A copy.</returns>
    let configure (change: Smoothed -> Smoothed) (smoothed: SmoothedFunction) : SmoothedFunction =
        Check.notNull (nameof change) change
        SmoothedFunction(change smoothed.Operator)

    /// <summary>E f(θ + εZ) with standard errors.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>The mean (k) and its standard errors.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">f threw, or its value has a wrong length or is
    /// not finite.</exception>
    let value (theta: float[]) (smoothed: SmoothedFunction) : Uncertain<float[]> =
        let op = smoothed.Operator
        op.Expectations.SolutionMoments(ThetaBatch.ofRow op.Settings theta)

    /// <summary>The Jacobian E[f(θ + εZ) ∇ν(Z)ᵀ]/ε with standard errors.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>k × d.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ, or a zero in θ under multiplicative noise.</exception>
    let jacobian (theta: float[]) (smoothed: SmoothedFunction) : Uncertain<float[,]> =
        Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta smoothed.Operator

    /// <summary>E f(θ + εZ) and its pullback, from one set of calls of f.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>The value (k) and the function from a cotangent (k) to the gradient with respect to θ (d).</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or cotangent.</exception>
    let pullback (theta: float[]) (smoothed: SmoothedFunction) : float[] * (float[] -> float[]) =
        Smoothed.pullback theta smoothed.Operator

    /// <summary>E f(θ + εZ) for every row of a batch.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let valueBatch (thetas: float[,]) (smoothed: SmoothedFunction) : float[,] =
        Batch.maximizer thetas smoothed.Operator

    /// <summary>E f(θ + εZ) for every row of a batch and the pullback of the batch, from one set of calls of
    /// f.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The smoothed function.</param>
    /// <returns>B × k, and the function from cotangents (B × k) to gradients with respect to θ (B × d).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let pullbackBatch (thetas: float[,]) (smoothed: SmoothedFunction) : float[,] * (float[,] -> float[,]) =
        Batch.pullback thetas smoothed.Operator
