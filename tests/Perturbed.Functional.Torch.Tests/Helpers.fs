module Perturbed.Functional.Torch.Tests.Helpers

open System
open TorchSharp
open Perturbed.Functional
open Xunit

type Tensor = torch.Tensor

let float64 = Nullable torch.ScalarType.Float64

/// Rows of θ that any key gives again: standard normal numbers of the core.
let thetas (rows: int) (d: int) (seed: uint64) : float[,] =
    Noise.sample d rows (Key.create seed) Noise.gaussian

let flatten (values: float[,]) : float[] =
    values |> Seq.cast<float> |> Array.ofSeq

let tensor (values: float[,]) : Tensor =
    torch.tensor (flatten values, dtype = float64)
    |> _.reshape(int64 (Array2D.length1 values), int64 (Array2D.length2 values))

let leaf (values: float[,]) : Tensor = (tensor values).requires_grad_ true

/// A target inside of the hull of an operator's solutions: its mean solution at some θ.
let targetAt (theta: float[,]) (op: TensorOperator) : Tensor = (op.Maximizer(tensor theta)).detach()

let values (t: Tensor) : float[] =
    t.detach().to_type(torch.ScalarType.Float64).cpu().contiguous().data<float>().ToArray()

/// The gradient of ⟨y, cotangent⟩.
let pull (y: Tensor) (cotangent: Tensor) (theta: Tensor) : Tensor =
    torch.autograd.grad([| y |], [| theta |], [| cotangent |])[0]

let largestGap (expected: float[]) (actual: float[]) : float =
    Assert.Equal(expected.Length, actual.Length)

    if expected.Length = 0 then
        0.0
    else
        Array.fold2
            (fun most e a ->
                if Double.IsNaN(e - a) then
                    infinity
                else
                    max most (abs (e - a)))
            0.0
            expected
            actual

let assertWithin (bound: float) (expected: float[]) (actual: float[]) : unit =
    let gap = largestGap expected actual
    Assert.True(gap <= bound, $"the largest difference is {gap}; {bound} is allowed.")

let size (values: float[]) : float =
    values |> Array.fold (fun most v -> max most (abs v)) 1.0

/// Columns' means of independent rows against expected values, each within `errors` standard errors of that column.
let assertMeans (errors: float) (expected: float[]) (rows: float[,]) : unit =
    let n = Array2D.length1 rows

    for i in 0 .. expected.Length - 1 do
        let column = Array.init n (fun r -> rows[r, i])
        let mean = Array.average column

        let variance =
            column
            |> Array.sumBy (fun v -> (v - mean) * (v - mean))
            |> fun s -> s / float (n - 1)

        let standardError = sqrt (variance / float n)

        Assert.True(
            abs (mean - expected[i]) <= errors * standardError,
            $"column {i}: {mean} is not within {errors} standard errors of {standardError} of {expected[i]}."
        )

let matrix (t: Tensor) : float[,] =
    let flat = values t
    let columns = int t.shape[1]
    Array2D.init (int t.shape[0]) columns (fun r i -> flat[r * columns + i])

/// Three by three, with ones on the diagonal, kept sparsely. The method has had two names.
let sparseIdentity () : Tensor =
    let make =
        typeof<torch>.GetMethods()
        |> Array.filter (fun m -> m.Name = "sparse_coo_tensor" || m.Name = "sparse")
        |> Array.maxBy _.Name

    let indices = torch.tensor([| 0L; 1L; 2L; 0L; 1L; 2L |]).reshape(2L, 3L)

    let given: obj[] =
        [| indices; torch.ones ([| 3L |], dtype = float64); [| 3L; 3L |] |]

    let defaults =
        make.GetParameters() |> Array.skip given.Length |> Array.map _.DefaultValue

    make.Invoke(null, Array.append given defaults) :?> Tensor

/// What backward has left at a leaf, null if nothing: a method at first, a property later.
let left (leaf: Tensor) : Tensor =
    let read =
        typeof<Tensor>.GetMethods()
        |> Array.find (fun m -> (m.Name = "grad" || m.Name = "get_grad") && m.GetParameters().Length = 0)

    read.Invoke(leaf, [||]) :?> Tensor
