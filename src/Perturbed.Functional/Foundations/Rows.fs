namespace Perturbed.Functional

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices

/// Arrays of two and three dimensions to and from row-major ones.
module internal Rows =

    let flatten (values: float[,]) : float[] =
        let flat: float[] = GC.AllocateUninitializedArray values.Length
        Buffer.BlockCopy(values, 0, flat, 0, 8 * values.Length)
        flat

    let shape (rows: int) (columns: int) (flat: float[]) : float[,] =
        let values = Array2D.zeroCreate rows columns
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values

    /// The numbers of an array of three dimensions, row-major, without a copy.
    let span3 (values: float[,,]) : Span<float> =
        MemoryMarshal.CreateSpan(
            &Unsafe.As<byte, float>(&MemoryMarshal.GetArrayDataReference(values :> Array)),
            values.Length
        )

    let shape3 (rows: int) (n: int) (m: int) (flat: float[]) : float[,,] =
        let values = Array3D.zeroCreate rows n m
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values
