using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>A differentiable map x ↦ (y, pullback): its value, and the function that carries a cotangent ȳ of y back
/// to x̄ = J(x)ᵀ ȳ. There is no other automatic differentiation, and no recorded state.</summary>
/// <remarks>Made by <see cref="Differentiable"/> and by smoothed operators. The value is computed once; a pullback may
/// be called any number of times.</remarks>
/// <typeparam name="TInput">The type of x, such as <c>double[]</c> or <c>double[,]</c>.</typeparam>
/// <typeparam name="TOutput">The type of y.</typeparam>
public sealed class Differentiable<TInput, TOutput>
{
    internal Differentiable(FSharpFunc<TInput, Tuple<TOutput, FSharpFunc<TOutput, TInput>>> core) => Core = core;

    internal FSharpFunc<TInput, Tuple<TOutput, FSharpFunc<TOutput, TInput>>> Core { get; }

    /// <summary>The value of the map at x.</summary>
    /// <param name="x">Where.</param>
    /// <returns>y.</returns>
    /// <exception cref="ArgumentException">x is null, or of a shape the map does not take.</exception>
    public TOutput Apply(TInput x) => Functional.Differentiable.apply(Crossing.NotNull(x), Core);

    /// <summary>The value y at x, and the pullback ȳ ↦ x̄ = J(x)ᵀ ȳ.</summary>
    /// <param name="x">Where.</param>
    /// <returns>y, and the function from a cotangent of y to a cotangent of x.</returns>
    /// <exception cref="ArgumentException">x is null, or of a shape the map does not take; in the pullback the same
    /// for ȳ.</exception>
    public (TOutput Value, Func<TOutput, TInput> Pullback) Pullback(TInput x) => Crossing.Pullback(Core.Invoke(Crossing.NotNull(x)));

    /// <summary>First this map, then another: the chain rule, x̄ = J₁ᵀ J₂ᵀ ȳ.</summary>
    /// <param name="next">The map applied to the value of this one.</param>
    /// <returns>The composed map; its cost is the sum of both.</returns>
    /// <typeparam name="TNext">The type of the composed map's value.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public Differentiable<TInput, TNext> Then<TNext>(Differentiable<TOutput, TNext> next) =>
        new(Functional.Differentiable.compose(Crossing.NotNull(next).Core, Core));
}

/// <summary>Differentiable maps: constructors, the map of every row, and a check of a pullback by finite
/// differences.</summary>
public static class Differentiable
{
    /// <summary>The map with the given value and vector-Jacobian product.</summary>
    /// <typeparam name="TInput">The type of x.</typeparam>
    /// <typeparam name="TOutput">The type of y.</typeparam>
    /// <param name="value">x ↦ y.</param>
    /// <param name="pullback">(x, ȳ) ↦ x̄ = J(x)ᵀ ȳ; it sees the x at which the value was taken.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    public static Differentiable<TInput, TOutput> Create<TInput, TOutput>(
        Func<TInput, TOutput> value, Func<TInput, TOutput, TInput> pullback) =>
        Views.Map(Crossing.Function(value), Crossing.Function(pullback));

    /// <summary>The map with the given function of value and pullback together, where the pullback reuses what the
    /// value left behind.</summary>
    /// <typeparam name="TInput">The type of x.</typeparam>
    /// <typeparam name="TOutput">The type of y.</typeparam>
    /// <param name="map">x ↦ (y, ȳ ↦ x̄ = J(x)ᵀ ȳ).</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    public static Differentiable<TInput, TOutput> Create<TInput, TOutput>(
        Func<TInput, (TOutput Value, Func<TOutput, TInput> Pullback)> map) =>
        Views.Map(Crossing.NotNull(map));

    /// <summary>The identity x ↦ x, the neutral element of composition.</summary>
    /// <typeparam name="T">The type of x.</typeparam>
    /// <returns>A map whose pullback is the identity.</returns>
    public static Differentiable<T, T> Identity<T>() =>
        new(FuncConvert.FromFunc<T, Tuple<T, FSharpFunc<T, T>>>(Functional.Differentiable.identity));

    /// <summary>The affine map x ↦ A x + b with pullback ȳ ↦ Aᵀ ȳ.</summary>
    /// <param name="matrix">A, [outputs × inputs], finite; copied.</param>
    /// <param name="offset">b, one entry an output, finite; copied.</param>
    /// <returns>The map; O(outputs · inputs) a value and a pullback.</returns>
    /// <exception cref="ArgumentException">An entry is not finite, b has another length than A has rows, or, when the
    /// map is used, x or ȳ has the wrong length.</exception>
    public static Differentiable<double[], double[]> Affine(double[,] matrix, double[] offset) =>
        new(Functional.Differentiable.affine(matrix, offset));

    /// <summary>The linear map x ↦ A x with pullback ȳ ↦ Aᵀ ȳ.</summary>
    /// <param name="matrix">A, [outputs × inputs], finite; copied.</param>
    /// <returns>The map; O(outputs · inputs) a value and a pullback.</returns>
    /// <exception cref="ArgumentException">An entry is not finite, or, when the map is used, x or ȳ has the wrong
    /// length.</exception>
    public static Differentiable<double[], double[]> Linear(double[,] matrix) => new(Functional.Differentiable.linear(matrix));

    /// <summary>The map x ↦ c·x with pullback ȳ ↦ c·ȳ.</summary>
    /// <param name="factor">c, finite.</param>
    /// <returns>The map, for x of any length.</returns>
    /// <exception cref="ArgumentException"><paramref name="factor"/> is not finite.</exception>
    public static Differentiable<double[], double[]> Scale(double factor) => new(Functional.Differentiable.scale(factor));

    /// <summary>The coordinatewise map x_i ↦ f(x_i) with pullback ȳ_i ↦ f′(x_i)·ȳ_i.</summary>
    /// <param name="f">The function.</param>
    /// <param name="derivative">Its derivative f′.</param>
    /// <returns>The map, for x of any length.</returns>
    /// <exception cref="ArgumentException">A function is null; when the pullback is used, ȳ has another length than
    /// x.</exception>
    public static Differentiable<double[], double[]> Elementwise(Func<double, double> f, Func<double, double> derivative) =>
        new(Functional.Differentiable.elementwise(Crossing.Function(f), Crossing.Function(derivative)));

    /// <summary>The map applied to each row of a batch.</summary>
    /// <param name="map">The map of one row; its outputs must have one length.</param>
    /// <returns>[rows × inputs] ↦ [rows × outputs]; a batch without rows gives a batch without rows or
    /// columns.</returns>
    /// <exception cref="ArgumentException">When used: rows give values of different lengths, or the cotangent's shape
    /// differs from the value's.</exception>
    public static Differentiable<double[,], double[,]> Rows(this Differentiable<double[], double[]> map) =>
        new(Functional.Differentiable.rows(Crossing.NotNull(map).Core));

    /// <summary>Value and gradient of a map to a number, from one evaluation.</summary>
    /// <typeparam name="TInput">The type of x.</typeparam>
    /// <param name="map">A map with one output.</param>
    /// <param name="x">Where.</param>
    /// <returns>f(x) and ∇f(x), the pullback of 1.</returns>
    /// <exception cref="ArgumentException">A null, or an x of a shape the map does not take.</exception>
    public static (double Value, TInput Gradient) ValueAndGradient<TInput>(this Differentiable<TInput, double> map, TInput x) =>
        Functional.Differentiable.valueAndGradient(Crossing.NotNull(x), Crossing.NotNull(map).Core).ToValueTuple();

    /// <summary>
    /// How far the pullback is from central finite differences: max |J − J_h| / max(|J|, |J_h|) over all entries of
    /// the Jacobian, J read off the pullbacks of the unit cotangents, (J_h)_{·i} = (f(x + h e_i) − f(x − h e_i)) / 2h.
    /// </summary>
    /// <param name="map">The map to check; evaluated 2·inputs + 1 times, pulled back once an output. If it draws, it
    /// must draw the same numbers at each call.</param>
    /// <param name="x">Where, finite.</param>
    /// <param name="step">h, positive, in the unit of x.</param>
    /// <returns>The worst relative discrepancy, O(h²) plus rounding of order 1e-16/h for a right pullback; 0 where
    /// both Jacobians are zero.</returns>
    /// <exception cref="ArgumentException"><paramref name="step"/> is not positive, x is not finite, or the pullback
    /// answers with another length than x.</exception>
    public static double Discrepancy(this Differentiable<double[], double[]> map, double[] x, double step = 1e-5) =>
        Functional.Differentiable.discrepancy(step, x, Crossing.NotNull(map).Core);
}
