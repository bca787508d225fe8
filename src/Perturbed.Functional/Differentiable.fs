namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// <summary>
/// A differentiable map x ↦ (y, pullback): its value, and the function that carries a cotangent ȳ of y back to
/// x̄ = J(x)ᵀ ȳ. There is no other automatic differentiation, and no recorded state.
/// </summary>
/// <remarks>The value is computed once; the pullback may be called any number of times and reuses intermediate
/// results of the value.</remarks>
type Differentiable<'x, 'y> = 'x -> 'y * ('y -> 'x)

/// The operator that composes differentiable maps.
[<AutoOpen>]
module DifferentiableOperators =

    /// <summary>First <paramref name="first"/>, then <paramref name="second"/>: the chain rule, x̄ = J₁ᵀ J₂ᵀ
    /// ȳ.</summary>
    /// <param name="first">The map applied first.</param>
    /// <param name="second">The map applied to its value.</param>
    /// <param name="x">Where the composed map is evaluated.</param>
    /// <returns>The composed map; its cost is the sum of both.</returns>
    let (>->) (first: Differentiable<'x, 'y>) (second: Differentiable<'y, 'z>) : Differentiable<'x, 'z> =
        fun x ->
            let y, pullFirst = first x
            let z, pullSecond = second y
            z, pullSecond >> pullFirst

/// Differentiable maps: constructors, composition, evaluation, and a check of a pullback by finite differences.
[<RequireQualifiedAccess>]
module Differentiable =

    /// <summary>The map with the given value and vector-Jacobian product.</summary>
    /// <param name="value">x ↦ y.</param>
    /// <param name="pullback">(x, ȳ) ↦ x̄ = J(x)ᵀ ȳ.</param>
    /// <param name="x">Where the map is evaluated.</param>
    /// <returns>The map; <paramref name="pullback"/> sees the x at which the value was taken.</returns>
    let create (value: 'x -> 'y) (pullback: 'x -> 'y -> 'x) : Differentiable<'x, 'y> = fun x -> value x, pullback x

    /// <summary>The identity x ↦ x, the neutral element of composition.</summary>
    /// <param name="x">Where the map is evaluated.</param>
    /// <returns>x, and the identity as its pullback.</returns>
    let identity (x: 'x) : 'x * ('x -> 'x) = x, id

    /// <summary>The affine map x ↦ A x + b with pullback ȳ ↦ Aᵀ ȳ.</summary>
    /// <param name="matrix">A, [outputs × inputs], finite; copied.</param>
    /// <param name="offset">b, one entry an output, finite; copied.</param>
    /// <returns>The map; O(outputs · inputs) a value and a pullback.</returns>
    /// <exception cref="T:System.ArgumentException">An entry is not finite, b has another length than A has rows, or,
    /// when the map is used, x or ȳ has the wrong length.</exception>
    let affine (matrix: float[,]) (offset: float[]) : Differentiable<float[], float[]> =
        Check.finiteMatrix (nameof matrix) matrix
        Check.finiteVector (nameof offset) offset
        let outputs, inputs = Array2D.length1 matrix, Array2D.length2 matrix
        Check.length (nameof offset) offset.Length outputs "the number of rows of matrix"
        let matrix, offset = Array2D.copy matrix, Array.copy offset

        fun x ->
            Check.length (nameof x) x.Length inputs "the number of columns of matrix"
            let y = Array.zeroCreate<float> outputs
            Dense.MultiplyTranspose(x, Dense.AsSpan matrix, y, 1, inputs, outputs)
            TensorPrimitives.Add<float>(y, offset, y)

            let pullback (cotangent: float[]) =
                Check.length (nameof cotangent) cotangent.Length outputs "the number of rows of matrix"
                let back = Array.zeroCreate<float> inputs
                Dense.Multiply(cotangent, Dense.AsSpan matrix, back, 1, outputs, inputs)
                back

            y, pullback

    /// <summary>The linear map x ↦ A x with pullback ȳ ↦ Aᵀ ȳ.</summary>
    /// <param name="matrix">A, [outputs × inputs], finite; copied.</param>
    /// <returns>The map; O(outputs · inputs) a value and a pullback.</returns>
    /// <exception cref="T:System.ArgumentException">An entry is not finite, or, when the map is used, x or ȳ has the
    /// wrong length.</exception>
    let linear (matrix: float[,]) : Differentiable<float[], float[]> =
        Check.notNull (nameof matrix) matrix
        affine matrix (Array.zeroCreate (Array2D.length1 matrix))

    /// <summary>The map x ↦ c·x with pullback ȳ ↦ c·ȳ.</summary>
    /// <param name="factor">c, finite.</param>
    /// <returns>The map, for x of any length.</returns>
    /// <exception cref="T:System.ArgumentException"><paramref name="factor"/> is not finite.</exception>
    let scale (factor: float) : Differentiable<float[], float[]> =
        Check.finite (nameof factor) factor
        let times (v: float[]) = Array.map (fun e -> factor * e) v
        fun x -> times x, times

    /// <summary>The coordinatewise map x_i ↦ f(x_i) with pullback ȳ_i ↦ f′(x_i)·ȳ_i.</summary>
    /// <param name="f">The function.</param>
    /// <param name="derivative">Its derivative f′.</param>
    /// <returns>The map, for x of any length.</returns>
    /// <exception cref="T:System.ArgumentException">When the pullback is used, ȳ has another length than
    /// x.</exception>
    let elementwise (f: float -> float) (derivative: float -> float) : Differentiable<float[], float[]> =
        let pullback (x: float[]) (cotangent: float[]) =
            Check.length (nameof cotangent) cotangent.Length x.Length "the length of x"
            Array.map2 (fun xi ci -> derivative xi * ci) x cotangent

        create (Array.map f) pullback

    /// <summary>First <paramref name="first"/>, then <paramref name="second"/>; the same as
    /// <c>first &gt;-&gt; second</c>.</summary>
    /// <param name="second">The map applied to the value of the first.</param>
    /// <param name="first">The map applied first; last here, for <c>|&gt;</c>.</param>
    /// <returns>The composed map.</returns>
    let compose (second: Differentiable<'y, 'z>) (first: Differentiable<'x, 'y>) : Differentiable<'x, 'z> =
        first >-> second

    /// <summary>The map applied to each row of a batch.</summary>
    /// <param name="map">The map of one row; its outputs must have one length.</param>
    /// <returns>[rows × inputs] ↦ [rows × outputs]; a batch without rows gives a batch without rows or
    /// columns.</returns>
    /// <exception cref="T:System.ArgumentException">Rows give values of different lengths, or the cotangent's shape
    /// differs from the value's.</exception>
    let rows (map: Differentiable<float[], float[]>) : Differentiable<float[,], float[,]> =
        let stack (vectors: float[][]) =
            let width = if vectors.Length = 0 then 0 else vectors[0].Length

            vectors
            |> Array.iteri (fun r v ->
                if v.Length <> width then
                    invalidArg (nameof map) $"map gives length {v.Length} for row {r}; row 0 has length {width}.")

            Array2D.init vectors.Length width (fun r i -> vectors[r][i])

        fun x ->
            let n, inputs = Array2D.length1 x, Array2D.length2 x
            let results = Array.init n (fun r -> map x[r, *])
            let value = results |> Array.map fst |> stack

            let pullback (cotangent: float[,]) =
                let shape = Array2D.length1 cotangent, Array2D.length2 cotangent

                if shape <> (n, Array2D.length2 value) then
                    invalidArg
                        (nameof cotangent)
                        $"cotangent is [{fst shape} × {snd shape}]; the value is [{n} × {Array2D.length2 value}]."

                if n = 0 then
                    Array2D.zeroCreate 0 inputs
                else
                    results |> Array.mapi (fun r (_, pull) -> pull cotangent[r, *]) |> stack

            value, pullback

    /// <summary>The value of the map at x.</summary>
    /// <param name="x">Where.</param>
    /// <param name="map">The map.</param>
    /// <returns>y.</returns>
    let apply (x: 'x) (map: Differentiable<'x, 'y>) : 'y = fst (map x)

    /// <summary>Value and gradient of a map to a number, from one evaluation.</summary>
    /// <param name="x">Where.</param>
    /// <param name="map">A map with one output.</param>
    /// <returns>f(x) and ∇f(x), the pullback of 1.</returns>
    let valueAndGradient (x: 'x) (map: Differentiable<'x, float>) : float * 'x =
        let value, pullback = map x
        value, pullback 1.0

    /// <summary>
    /// How far the pullback is from central finite differences: max |J − J_h| / max(|J|, |J_h|) over all entries of
    /// the Jacobian, J read off the pullbacks of the unit cotangents, (J_h)_{·i} = (f(x + h e_i) − f(x − h e_i)) / 2h.
    /// </summary>
    /// <remarks>
    /// A right pullback of a smooth map gives O(h²) plus rounding of order 1e-16/h: about 1e-9 at h = 1e-5. A map that
    /// draws must draw the same numbers at each call (a fixed key).
    /// </remarks>
    /// <param name="step">h, positive.</param>
    /// <param name="x">Where, finite.</param>
    /// <param name="map">The map to check; evaluated 2·inputs + 1 times, pulled back once an output.</param>
    /// <returns>The worst relative discrepancy; 0 where both Jacobians are zero.</returns>
    /// <exception cref="T:System.ArgumentException"><paramref name="step"/> is not positive, x is not finite, or the
    /// pullback answers with another length than x.</exception>
    let discrepancy (step: float) (x: float[]) (map: Differentiable<float[], float[]>) : float =
        Check.positive (nameof step) step
        Check.finiteVector (nameof x) x
        let y, pullback = map x

        let moved i by =
            x |> Array.mapi (fun j xj -> if j = i then xj + by else xj) |> map |> fst

        let differences =
            Array.init x.Length (fun i ->
                Array.map2 (fun up down -> (up - down) / (2.0 * step)) (moved i step) (moved i -step))

        let mutable worst, largest = 0.0, 0.0

        for o in 0 .. y.Length - 1 do
            let row = pullback (Array.init y.Length (fun j -> if j = o then 1.0 else 0.0))
            Check.length "pullback" row.Length x.Length "the length of x"

            for i in 0 .. x.Length - 1 do
                worst <- Math.Max(worst, abs (row[i] - differences[i][o]))
                largest <- Math.Max(largest, Math.Max(abs (row[i]), abs (differences[i][o])))

        if worst = 0.0 then 0.0 else worst / largest
