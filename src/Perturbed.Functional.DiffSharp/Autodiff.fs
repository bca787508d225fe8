namespace Perturbed.Functional

open DiffSharp
open Perturbed.Functional

/// <summary>Perturbed optimizers inside DiffSharp programs: y*_ε(θ), F_ε(θ) and Fenchel-Young losses of tensors, which
/// forward, reverse and nested differentiation go through.</summary>
/// <remarks>
/// <para>θ is a tensor of Float32 or Float64 on the CPU, of any backend, with any number of leading dimensions; the
/// last is the oracle's d. Rows are numbered in row-major order, each has noise of its own. The key is the operator's
/// (<c>Smoothed.withKey</c>): the same key gives the same numbers, and a training step wants a key of its own.</para>
/// <para>First derivatives are those of the core with all its options: the score-function estimate for y*_ε, the mean
/// solution for F_ε, ȳ − y for the loss. Second derivatives of F_ε and of the loss, such as Hessian-vector products,
/// are first ones of y*_ε. Derivatives of y*_ε beyond the first are unbiased estimates where samples are independent and
/// the density of the noise is smooth (Gaussian, Gumbel, logistic, Cauchy, Student's t); elsewhere asking for them is an
/// error. Berthet et al. 2020, Proposition 3.1.</para>
/// </remarks>
[<RequireQualifiedAccess>]
module Autodiff =

    let private read (theta: Tensor) (smoothed: Smoothed) : float[,] =
        if isNull (box smoothed) then
            nullArg (nameof smoothed)

        let oracle = smoothed.Oracle

        let thetas =
            TensorRows.read "theta" oracle.Dimension $"the dimension of oracle '{oracle.Name}'" theta

        TensorRows.requireFloating "theta" theta
        thetas

    // Whether derivatives of θ have derivatives themselves.
    let private isNested (theta: Tensor) : bool = not theta.primal.isNoDiff

    /// <summary>y*_ε(θ) = E y*(θ + εZ) of every row. Berthet et al. 2020, Definition 3.1.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The leading dimensions of θ and the solution's k, of θ's type.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong type or shape, NaN or ∞ (the row is named), or noise
    /// without a score.</exception>
    /// <exception cref="T:System.InvalidOperationException">θ carries derivatives of more than one level, and the
    /// operator has no second ones.</exception>
    /// <remarks>Cost: M solves a row. Derivatives of higher order keep rows · M · (k + 2d) numbers.</remarks>
    let maximizer (theta: Tensor) (smoothed: Smoothed) : Tensor =
        let thetas = read theta smoothed
        let d, k = smoothed.Oracle.Dimension, smoothed.Oracle.SolutionDimension
        let rows = Array2D.length1 thetas
        let shape = TensorRows.withLast theta.shape k

        if theta.isNoDiff then
            TensorRows.constant theta shape (smoothed |> Batch.maximizer thetas)
        elif isNested theta then
            match LikelihoodRatios.fault smoothed with
            | Some reason ->
                invalidOp
                    $"Second derivatives of y*_ε are asked for, and {smoothed} has none: {reason}. Independent samples of \
                      Gaussian, Gumbel, logistic, Cauchy or Student's t noise have them."
            | None -> (LikelihoodRatios.maximizer smoothed thetas (theta.view [| rows; d |])).view shape
        else
            (FirstOrder.maximizer smoothed thetas (theta.view [| rows; d |])).view shape

    // Numbers of rows with their gradient: `gradientAt` at a θ with derivatives, whose derivatives are then known too.
    let private withGradient
        (theta: Tensor)
        (values: float[])
        (gradient: float[,])
        (gradientAt: Tensor -> Tensor)
        : Tensor =
        let known = TensorRows.constant theta theta.shape gradient

        let at (theta: Tensor) : Tensor =
            if theta.isNoDiff then known else gradientAt theta

        Tensor.Op
            { new UnaryOp("perturbedMaximum") with
                member _.fRaw(raw) =
                    TensorRows.raw raw (TensorRows.leading raw.Shape) values

                member _.ad_dfda(theta, tangent, _) = (tangent * at theta).sum -1
                member _.fd_dfda(theta, _, cotangent) = cotangent.unsqueeze -1 * at theta
            }
            theta

    let private requireAdditive (smoothed: Smoothed) : unit =
        if smoothed.Perturbation = Perturbation.Multiplicative then
            invalidOp
                $"Second derivatives of F_ε are asked for, and {smoothed} has none: its perturbation is multiplicative."

    /// <summary>F_ε(θ) = E max over y of ⟨y, θ + εZ⟩ of every row, with gradient ȳ (under multiplicative noise E[y ⊙
    /// factor]). Berthet et al. 2020, Definition 2.1.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="smoothed">The operator; solutions have the dimension of θ, the noise has a mean.</param>
    /// <returns>Numbers in the unit of θ, of the shape of θ's leading dimensions.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>maximizer</c>, or noise without a mean.</exception>
    /// <exception cref="T:System.InvalidOperationException">Third derivatives that the operator has not, or
    /// second ones under multiplicative noise.</exception>
    /// <remarks>Cost: M solves a row.</remarks>
    let maximum (theta: Tensor) (smoothed: Smoothed) : Tensor =
        let thetas = read theta smoothed
        let values, gradient = smoothed |> Batch.maximumAndGradient thetas

        withGradient theta values gradient (fun theta ->
            requireAdditive smoothed
            maximizer theta smoothed)

    /// <summary>The Fenchel-Young loss L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ of every row, with gradient ȳ − y in θ.
    /// Berthet et al. 2020, Definition 4.1.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ, a constant in conv(Y).</param>
    /// <param name="smoothed">The operator; solutions have the dimension of θ, the noise has a mean.</param>
    /// <returns>Losses in the unit of θ, of the shape of θ's leading dimensions; εΩ(y) is left out, a constant in θ,
    /// where it is not known.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>maximum</c>; a target of another shape, outside of conv(Y),
    /// or with derivatives.</exception>
    /// <exception cref="T:System.InvalidOperationException">Third derivatives that the operator has not, or
    /// second ones under multiplicative noise.</exception>
    /// <remarks>Cost: M solves a row, one pass.</remarks>
    let fenchelYoung (theta: Tensor) (target: Tensor) (smoothed: Smoothed) : Tensor =
        let thetas = read theta smoothed

        let targets =
            TensorRows.read
                "target"
                smoothed.Oracle.Dimension
                $"the dimension of oracle '{smoothed.Oracle.Name}'"
                target

        if target.shape <> theta.shape then
            invalidArg (nameof target) $"target has the shape %A{target.shape}; theta has %A{theta.shape}."

        if not target.isNoDiff then
            invalidArg
                (nameof target)
                "target carries derivatives; the loss is differentiated in theta alone, and a target is a constant."

        let losses, gradient = smoothed |> FenchelYoung.valueAndGradientBatch thetas targets
        let constant = TensorRows.constant theta theta.shape targets

        withGradient theta (losses |> Array.map _.Value) gradient (fun theta ->
            requireAdditive smoothed
            maximizer theta smoothed - constant)
