module Perturbed.Functional.Tests.Learning.Helpers

open System
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Xunit

/// A property of generated values; a failure shows the shrunk counterexample, and whether it fails again.
let forAll (gen: FsCheck.Gen<'a>) (property: 'a -> bool) : FsCheck.Property =
    let law (value: 'a) : unit =
        Reproduction.check (fun () -> [ "the values above, on any number of threads" ]) (fun () ->
            Assert.True(property value, "The property is false."))

    Prop.forAll (Arb.fromGen gen) law

/// Numbers of [−4, 4] on a grid of 1/64: sums of a few products of them are exact.
let gridNumber: FsCheck.Gen<float> =
    Gen.choose (-256, 256) |> Gen.map (fun i -> float i / 64.0)

let vector (n: int) : FsCheck.Gen<float[]> = Gen.arrayOfLength n gridNumber

let matrix (rows: int) (columns: int) : FsCheck.Gen<float[,]> =
    vector (rows * columns)
    |> Gen.map (fun v -> Array2D.init rows columns (fun r c -> v[r * columns + c]))

let key: FsCheck.Gen<Key> =
    Gen.choose (0, Int32.MaxValue) |> Gen.map (fun i -> Key.create (uint64 i))

let dot (a: float[]) (b: float[]) : float =
    Array.fold2 (fun s x y -> s + x * y) 0.0 a b

let flat (m: float[,]) : float[] = m |> Seq.cast<float> |> Seq.toArray

/// Equal up to a relative error that some hundred roundings explain.
let near (expected: float) (actual: float) : bool =
    abs (expected - actual) <= 1e-12 * (1.0 + abs expected + abs actual)

let allNear (expected: float[]) (actual: float[]) : bool =
    expected.Length = actual.Length && Array.forall2 near expected actual

/// The call must raise an exception of this type with this message (and the parameter's name after it, where it has one).
let raises<'e when 'e :> exn> (message: string) (call: unit -> unit) : unit =
    let error = Assert.ThrowsAny<'e> call
    Assert.StartsWith(message, error.Message)

/// X standard normal and Y = X W + b + noise, as a regression problem.
let regression (rows: int) (features: int) (outputs: int) (noise: float) (key: Key) : Examples =
    let drawn = Model.linear rows (features + outputs) |> Model.withNormalInitial 1.0
    let z = drawn.Initial key

    let w =
        (Model.affine features outputs |> Model.withNormalInitial 1.0).Initial(Key.fold 7 key)

    let x = Array2D.init rows features (fun r c -> z[r * features + c])

    let error r c = z[rows * features + r * outputs + c]

    let y = Model.affine features outputs |> Model.predict w x
    Examples.create x (y |> Array2D.mapi (fun r c v -> v + noise * error r c))
