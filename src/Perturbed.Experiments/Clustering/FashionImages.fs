namespace Perturbed.Experiments

open System
open System.IO
open System.Security.Cryptography
open Perturbed.Functional

/// Images as bytes with their classes.
type LabelledImages =
    {
        /// 784 bytes an image.
        Pixels: byte[]
        /// The class of each image, 0 .. 9.
        Labels: int[]
    }

/// Fashion-MNIST: 28 × 28 pixels, ten classes (Xiao, Rasul and Vollgraf 2017).
[<RequireQualifiedAccess>]
module FashionImages =

    /// The pixels of an image.
    [<Literal>]
    let Pixels = 784

    /// The number of classes.
    [<Literal>]
    let Classes = 10

    /// The directory of the files where the user names none, from the root of the repository.
    let directory = Path.Combine("..", "shared", "data", "fashion-mnist")

    let private names (split: string) : string * string =
        $"{split}-images-idx3-ubyte.gz", $"{split}-labels-idx1-ubyte.gz"

    /// <summary>The first 16 digits of the files' SHA-256: a run goes on only with the same data.</summary>
    /// <param name="directory">Where they are.</param>
    /// <returns>A text.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    let digest (directory: string) : string =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for split in [ "train"; "t10k" ] do
            let images, labels = names split

            for name in [ images; labels ] do
                hash.AppendData(File.ReadAllBytes(Path.Combine(directory, name)))

        Convert.ToHexStringLower(hash.GetHashAndReset())[..15]

    /// <summary>Reads one of the two splits.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="split">"train" or "t10k".</param>
    /// <returns>The images.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is wrong: path, offset, what was found and
    /// expected.</exception>
    let load (directory: string) (split: string) : LabelledImages =
        let imageFile, labelFile = names split
        let images = Idx.load (Path.Combine(directory, imageFile))
        let labels = Idx.load (Path.Combine(directory, labelFile))

        if images.Shape.Length <> 3 || images.Shape[1] * images.Shape[2] <> Pixels then
            raise (InvalidDataException $"{imageFile}: images of 28 × 28 pixels were expected.")

        if
            labels.Shape <> [| images.Shape[0] |]
            || labels.Bytes |> Array.exists (fun l -> l >= byte Classes)
        then
            raise (InvalidDataException $"{labelFile}: one class from 0 to {Classes - 1} an image was expected.")

        {
            Pixels = images.Bytes
            Labels = labels.Bytes |> Array.map int
        }

    // About the mean and the deviation of all pixels, in units that the start of a network expects.
    let private scaled: float[] =
        Array.init 256 (fun value -> (float value - 72.0) / 90.0)

    /// <summary>The pixels of some images, brightness around 0.</summary>
    /// <param name="indices">Their numbers.</param>
    /// <param name="images">The images.</param>
    /// <returns>[indices × 784].</returns>
    let pixels (indices: int[]) (images: LabelledImages) : float[,] =
        Array2D.init indices.Length Pixels (fun i p -> scaled[int images.Pixels[indices[i] * Pixels + p]])
