namespace Perturbed.Functional

open System.IO

/// The numbers of an array, in C order: the last index runs fastest.
[<RequireQualifiedAccess>]
type NpyData =
    /// Bytes; also the form in which truth values are read.
    | UInt8 of byte[]
    /// Whole numbers; also the form in which those of 8 to 32 bits with a sign, and of 16 to 64 without, are read.
    | Int64 of int64[]
    /// Single precision; also the form in which half precision is read.
    | Float32 of float32[]
    /// Double precision.
    | Float64 of float[]

/// An array of numbers from a file of NumPy's .npy format, or for one; in C order, the last index running fastest.
type NpyArray =
    {
        /// Name of the file in error messages, such as its path.
        Source: string
        /// The length of every axis; empty for a single number.
        Shape: int[]
        /// The numbers, as many as the product of the shape.
        Data: NpyData
    }

/// What to do about NaN and ±∞ in a file of numbers.
[<RequireQualifiedAccess>]
type NonFinite =
    /// Such a number is an error that names its place.
    | Reject
    /// It is read as it is.
    | Keep

/// Files of NumPy's .npy format.
module internal NpyFile =

    /// Refuses a file at an offset.
    let fail (source: string) (offset: int64) (what: string) : 'a =
        raise (InvalidDataException $"{source}: offset {offset}: {what}")
