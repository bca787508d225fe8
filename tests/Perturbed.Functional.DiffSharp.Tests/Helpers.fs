module Perturbed.Functional.DiffSharp.Tests.Helpers

open DiffSharp
open Perturbed.Functional
open Xunit

/// Rows of θ that any key gives again: standard normal numbers of the core.
let thetas (rows: int) (d: int) (seed: uint64) : float[,] =
    Noise.sample d rows (Key.create seed) Noise.gaussian

let tensor (values: float[,]) : Tensor =
    dsharp.tensor (values, dtype = Dtype.Float64)

let vector (values: float[]) : Tensor =
    dsharp.tensor (values, dtype = Dtype.Float64)

let values (t: Tensor) : float[] =
    let flat = t.primalDeep.cast(Dtype.Float64).view [ t.nelement ]
    flat.toArray1D<float>()

let flatten (numbers: System.Array) : float[] =
    numbers |> Seq.cast<float> |> Array.ofSeq

let assertWithin (bound: float) (expected: float[]) (actual: float[]) : unit =
    Assert.Equal(expected.Length, actual.Length)

    for i in 0 .. expected.Length - 1 do
        Assert.True(
            abs (expected[i] - actual[i]) <= bound,
            $"entry {i} is {actual[i]}; {expected[i]} was expected, within {bound}."
        )

/// The gradient of ⟨f(θ), cotangent⟩ in reverse mode; DiffSharp's functions take vectors.
let pull (f: Tensor -> Tensor) (theta: Tensor) (cotangent: Tensor) : Tensor =
    dsharp.grad (fun (x: Tensor) -> (f (x.view theta.shape) * cotangent).sum()) (theta.flatten ())
