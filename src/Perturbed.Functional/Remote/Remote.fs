namespace Perturbed.Functional.Remote

open Perturbed.Functional
open Perturbed.Kernels

/// <summary>Gets the units of passes computed elsewhere.</summary>
[<AbstractClass>]
type RemoteExecutor() =
    /// <summary>Has every row and part of a pass computed, and hands its answers to it.</summary>
    /// <param name="pass">The pass; after the call it has taken the answers of all its parts.</param>
    abstract Compute: pass: RemotePass -> unit

    /// <summary>The name by which other machines know a noise that is not built in.</summary>
    /// <param name="noise">The noise.</param>
    /// <returns>Its name; null where they do not know it.</returns>
    abstract NameOf: noise: INoise -> string | null

    default _.NameOf _ = null

/// <summary>Operators whose samples are drawn, solved and summed elsewhere.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Remote =

    /// The version of the form of units and answers.
    let version: int = UnitForm.version

    let private bridge (executor: RemoteExecutor) : Executor =
        { new Executor() with
            member _.States(pass, statistic) =
                match pass.Cache with
                // Solutions at hand are summed here.
                | ValueSome cache when cache.Serves(pass.Accumulation.Needs.HasFlag Needs.Values) ->
                    ThreadPass(pass).States()
                | _ when pass.Batch.Rows = 0 -> [||]
                | _ ->
                    let remote = RemotePass(pass, statistic, executor.NameOf)

                    try
                        executor.Compute remote
                        remote.Sums
                    finally
                        remote.Close()
        }

    /// <summary>The operator whose expectations and derivatives an executor computes, with the same bits.</summary>
    /// <param name="executor">The executor.</param>
    /// <param name="smoothed">The operator, by samples.</param>
    /// <returns>A copy. Samples, distributions, solves at θ itself, and passes over cached solutions stay in this
    /// process.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, or an exact operator, which has no
    /// samples.</exception>
    let by (executor: RemoteExecutor) (smoothed: Smoothed) : Smoothed =
        Check.notNull (nameof executor) executor
        Check.notNull (nameof smoothed) smoothed

        if smoothed.IsExact then
            invalidArg
                (nameof smoothed)
                "An exact operator has no samples to compute elsewhere; `Smoothed.sampled` has."

        smoothed.By(MonteCarloExpectations.by (bridge executor))
