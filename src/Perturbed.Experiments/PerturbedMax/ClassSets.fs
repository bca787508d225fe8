namespace Perturbed.Experiments

open System
open System.IO
open System.Security.Cryptography
open Perturbed.Functional

/// A classification problem: what to learn from and what to be tested on, with inputs standardised by the former.
type ClassSet = { Train: Examples; Test: Examples }

/// The sets of the experiment.
[<RequireQualifiedAccess>]
module ClassSets =

    /// The directory of CIFAR-10 where the user names none, from the root of the repository.
    let directory = Path.Combine("..", "shared", "data", "cifar10")

    let private file (directory: string) (name: string) : string = Path.Combine(directory, name)

    /// The files that are read: 10,000 images to learn from, the first 2,000 of the others to be tested on.
    let files: string list = [ "data_batch_1.bin"; "test_batch.bin" ]

    /// <summary>The first 16 digits of the files' SHA-256: a run goes on only with the same data.</summary>
    /// <param name="directory">Where they are.</param>
    /// <returns>A text.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    let digest (directory: string) : string =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for name in files do
            hash.AppendData(File.ReadAllBytes(file directory name))

        Convert.ToHexStringLower(hash.GetHashAndReset())[..15]

    let private head (count: int) (examples: Examples) : Examples =
        Examples.take (Array.init (min count (Examples.count examples)) id) examples

    let private standardised (train: Examples) (test: Examples) : ClassSet =
        let train, test = Standardisation.pair train test
        { Train = train; Test = test }

    /// <summary>CIFAR-10.</summary>
    /// <param name="train">Images to learn from.</param>
    /// <param name="test">Images to be tested on.</param>
    /// <param name="directory">Where the binary files are.</param>
    /// <returns>The set; fewer images where the files have fewer.</returns>
    /// <exception cref="T:System.IO.IOException">A file is not there.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is wrong: path, offset, what was found and
    /// expected.</exception>
    let cifar10 (train: int) (test: int) (directory: string) : ClassSet =
        let read name count =
            Cifar10.load (file directory name) |> Cifar10.toExamples |> head count

        standardised (read files[0] train) (read files[1] test)

    /// <summary>CIFAR-10 for choosing settings: images of the training file alone.</summary>
    /// <param name="train">Images to learn from, from the first on.</param>
    /// <param name="validation">Images to score on, those that follow.</param>
    /// <param name="directory">Where the binary files are.</param>
    /// <returns>The set; no image of the test file.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">The file is wrong: path, offset, what was found and
    /// expected.</exception>
    let cifar10Validation (train: int) (validation: int) (directory: string) : ClassSet =
        let all = Cifar10.load (file directory files[0]) |> Cifar10.toExamples

        let rows first count =
            Examples.take [| first .. first + count - 1 |] all

        standardised (rows 0 train) (rows train validation)

    /// <summary>Generated classes.</summary>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="test">Examples to be tested on.</param>
    /// <param name="key">Their key.</param>
    /// <returns>The set.</returns>
    let generated (train: int) (test: int) (key: Key) : ClassSet =
        standardised (GeneratedClasses.create train 0 key) (GeneratedClasses.create test train key)
