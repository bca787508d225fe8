namespace Perturbed.Experiments

open System
open System.IO
open System.Security.Cryptography
open Perturbed.Functional

/// Map sets in the files of the public Warcraft set: SPLIT_maps.npy, SPLIT_shortest_paths.npy,
/// SPLIT_vertex_weights.npy.
[<RequireQualifiedAccess>]
module MapFiles =

    let private path (directory: string) (split: string) (what: string) : string =
        Path.Combine(directory, $"{split}_{what}.npy")

    let private grid: int option[] = [| None; Some MapSet.Tiles; Some MapSet.Tiles |]

    let private toRows (array: NpyArray) : float[,] =
        let numbers = Npy.toFloats array
        Array2D.init array.Shape[0] MapSet.Cells (fun r c -> numbers[r * MapSet.Cells + c])

    let private requireEach (array: NpyArray) (what: string) (isRight: float -> bool) (rows: float[,]) : float[,] =
        rows
        |> Array2D.iteri (fun map cell value ->
            if not (isRight value) then
                let row, column = cell / MapSet.Tiles, cell % MapSet.Tiles

                raise (
                    InvalidDataException
                        $"{array.Source}: map {map}, tile ({row}, {column}) is {value}; {what} was expected."
                ))

        rows

    /// <summary>How many maps a split has.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="split">train, val or test.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">The file of costs is wrong: path, offset, what was found and
    /// expected.</exception>
    let count (directory: string) (split: string) : int =
        let costs = Npy.load NonFinite.Reject (path directory split "vertex_weights")
        (Npy.requireShape grid costs).Shape[0]

    /// <summary>The first 16 digits of the SHA-256 of the costs of train and test: a run goes on only with the same
    /// data.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <returns>A text.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    let digest (directory: string) : string =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for split in [ "train"; "test" ] do
            hash.AppendData(File.ReadAllBytes(path directory split "vertex_weights"))

        Convert.ToHexStringLower(hash.GetHashAndReset())[..15]

    /// <summary>Reads a split.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="split">train, val or test.</param>
    /// <returns>The maps.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is wrong: its path, the place, what was found and
    /// expected.</exception>
    let load (directory: string) (split: string) : MapSet =
        let costs = Npy.load NonFinite.Reject (path directory split "vertex_weights")
        let count = (Npy.requireShape grid costs).Shape[0]

        let paths =
            Npy.load NonFinite.Reject (path directory split "shortest_paths")
            |> Npy.requireShape [| Some count; Some MapSet.Tiles; Some MapSet.Tiles |]

        let maps =
            Npy.load NonFinite.Reject (path directory split "maps")
            |> Npy.requireShape [| Some count; Some MapSet.Side; Some MapSet.Side; Some 3 |]

        match maps.Data with
        | NpyData.UInt8 pixels ->
            {
                Count = count
                Pixels = pixels
                Costs = toRows costs |> requireEach costs "a cost of at least 0" (fun c -> c >= 0.0)
                Paths = toRows paths |> requireEach paths "0 or 1" (fun y -> y = 0.0 || y = 1.0)
            }
        | _ ->
            raise (InvalidDataException $"{maps.Source}: the pixels are no bytes; the element type |u1 was expected.")

    let private flat (rows: float[,]) : float[] = rows |> Seq.cast<float> |> Seq.toArray

    /// <summary>Writes a split, each file whole or not at all.</summary>
    /// <param name="directory">Where to; it is there.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="set">The maps.</param>
    /// <exception cref="T:System.IO.IOException">A file cannot be written.</exception>
    let save (directory: string) (split: string) (set: MapSet) : unit =
        let shape = [| set.Count; MapSet.Tiles; MapSet.Tiles |]

        Npy.create [| set.Count; MapSet.Side; MapSet.Side; 3 |] (NpyData.UInt8 set.Pixels)
        |> Npy.save (path directory split "maps")

        Npy.create shape (NpyData.UInt8(flat set.Paths |> Array.map byte))
        |> Npy.save (path directory split "shortest_paths")

        Npy.create shape (NpyData.Float64(flat set.Costs))
        |> Npy.save (path directory split "vertex_weights")
