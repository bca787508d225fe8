namespace Perturbed.Functional

open System
open DiffSharp
open DiffSharp.Backends
open Perturbed.Functional

/// Tensors as rows of numbers of the core, and back.
module internal TensorRows =

    /// The primal numbers of a tensor of any shape, row by row of its last dimension.
    let read (name: string) (width: int) (what: string) (tensor: Tensor) : float[,] =
        if isNull (box tensor) then
            nullArg name

        let shape = tensor.shape

        if shape.Length = 0 || shape[shape.Length - 1] <> width then
            invalidArg name $"{name} has the shape %A{shape}; its last dimension must be {what}, {width}."

        let flat = tensor.primalDeep.cast(Dtype.Float64).flatten().toArray1D<float>()

        let values = Array2D.zeroCreate (flat.Length / width) width
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)

        for row in 0 .. Array2D.length1 values - 1 do
            for i in 0 .. width - 1 do
                if not (Double.IsFinite values[row, i]) then
                    invalidArg name $"{name}[{row}, {i}] is {values[row, i]} (row {row}); every entry must be finite."

        values

    /// Refuses what cannot be differentiated.
    let requireFloating (name: string) (tensor: Tensor) : unit =
        if tensor.dtype <> Dtype.Float32 && tensor.dtype <> Dtype.Float64 then
            invalidArg name $"{name} has the type {tensor.dtype}; Float32 or Float64 is needed."

    /// Numbers as a raw tensor of a shape, of the type, device and backend of another.
    let raw (like: RawTensor) (shape: int[]) (values: Array) : RawTensor =
        let flat: float[] = Array.zeroCreate values.Length
        Buffer.BlockCopy(values, 0, flat, 0, 8 * values.Length)

        let numbers =
            match like.Dtype with
            | Dtype.Float32 -> Array.map float32 flat :> Array
            | _ -> flat :> Array

        RawTensor.CreateFromFlatArray(numbers, shape, like.Dtype, like.Device, like.Backend)

    /// The same as a constant of a program.
    let constant (like: Tensor) (shape: int[]) (values: Array) : Tensor =
        Tensor.ofRawTensor (raw like.primalRaw shape values)

    /// The shape with another last dimension, and without one.
    let withLast (shape: int[]) (width: int) : int[] =
        Array.append (Array.sub shape 0 (shape.Length - 1)) [| width |]

    let leading (shape: int[]) : int[] = Array.sub shape 0 (shape.Length - 1)
