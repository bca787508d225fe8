namespace Perturbed.Functional

open System

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

    let shape3 (rows: int) (n: int) (m: int) (flat: float[]) : float[,,] =
        let values = Array3D.zeroCreate rows n m
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values
