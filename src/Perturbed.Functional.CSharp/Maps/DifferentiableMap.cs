using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A differentiable map x ↦ (y, pullback): its value, and the function that carries a cotangent ȳ of y back to
/// x̄ = J(x)ᵀ ȳ. This is all the automatic differentiation there is: no tape, no state.
/// </summary>
/// <remarks>Made by <see cref="DifferentiableMaps"/> and by smoothed operators. The value is computed once; a pullback may be called any number of times.</remarks>
/// <typeparam name="TInput">The type of x, such as <c>double[]</c> or <c>double[,]</c>.</typeparam>
/// <typeparam name="TOutput">The type of y.</typeparam>
public sealed class DifferentiableMap<TInput, TOutput>
{
    internal DifferentiableMap(FSharpFunc<TInput, Tuple<TOutput, FSharpFunc<TOutput, TInput>>> core) => Core = core;

    internal FSharpFunc<TInput, Tuple<TOutput, FSharpFunc<TOutput, TInput>>> Core { get; }

    /// <summary>The value y of the map at x.</summary>
    /// <param name="x">Where.</param>
    /// <returns>y.</returns>
    /// <exception cref="ArgumentException">x is null, or of a shape the map does not take.</exception>
    public TOutput Apply(TInput x) => Differentiable.apply(Crossing.NotNull(x), Core);

    /// <summary>The value y at x, and the pullback ȳ ↦ x̄ = J(x)ᵀ ȳ.</summary>
    /// <param name="x">Where.</param>
    /// <returns>y, and the function from a cotangent of y to a cotangent of x.</returns>
    /// <exception cref="ArgumentException">x is null, or of a shape the map does not take; in the pullback the same for ȳ.</exception>
    public (TOutput Value, Func<TOutput, TInput> Pullback) Pullback(TInput x) => Crossing.Pullback(Core.Invoke(Crossing.NotNull(x)));

    /// <summary>First this map, then another: the chain rule, x̄ = J₁ᵀ J₂ᵀ ȳ.</summary>
    /// <param name="next">The map applied to the value of this one.</param>
    /// <returns>The composed map; its cost is the sum of both.</returns>
    /// <typeparam name="TNext">The type of the composed map's value.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public DifferentiableMap<TInput, TNext> Then<TNext>(DifferentiableMap<TOutput, TNext> next) =>
        new(Differentiable.compose(Crossing.NotNull(next).Core, Core));
}
