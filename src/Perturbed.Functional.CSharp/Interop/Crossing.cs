using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>Values on their way between C# and the core: delegates, value tuples and null checks. The only place that
/// knows both sides.</summary>
internal static class Crossing
{
    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is null ? throw new ArgumentNullException(name) : value;

    public static FSharpFunc<T, TResult> Function<T, TResult>(
        Func<T, TResult> f, [CallerArgumentExpression(nameof(f))] string name = "") =>
        FuncConvert.FromFunc(NotNull(f, name));

    public static FSharpFunc<T1, FSharpFunc<T2, TResult>> Function<T1, T2, TResult>(
        Func<T1, T2, TResult> f, [CallerArgumentExpression(nameof(f))] string name = "") => FuncConvert.FromFunc(NotNull(f, name));

    // In C# the token comes last.
    public static FSharpFunc<CancellationToken, FSharpFunc<T, TResult>> Cancellable<T, TResult>(
        Func<T, CancellationToken, TResult> f, [CallerArgumentExpression(nameof(f))] string name = "")
    {
        NotNull(f, name);
        return FuncConvert.FromFunc((CancellationToken cancellation, T value) => f(value, cancellation));
    }

    // A pullback is called long after it was made; its null check names what it takes.
    public static (TOutput Value, Func<TOutput, TInput> Pullback) Pullback<TInput, TOutput>(
        Tuple<TOutput, FSharpFunc<TOutput, TInput>> core) =>
        (core.Item1, cotangent => core.Item2.Invoke(NotNull(cotangent)));

    public static Tuple<TOutput, FSharpFunc<TOutput, TInput>> Pullback<TInput, TOutput>(
        (TOutput Value, Func<TOutput, TInput> Pullback) pair) =>
        Tuple.Create(pair.Value, FuncConvert.FromFunc(pair.Pullback));

    public static FSharpOption<T>? Option<T>(T? value) where T : class =>
        value is null ? FSharpOption<T>.None : FSharpOption<T>.Some(value);

    public static T? OrNull<T>(FSharpOption<T>? option) where T : class => option?.Value;

    public static FSharpOption<T>[] Options<T>(
        T?[] values, [CallerArgumentExpression(nameof(values))] string name = "") where T : struct =>
        Array.ConvertAll(NotNull(values, name), value => value is { } some ? FSharpOption<T>.Some(some) : FSharpOption<T>.None);
}
