module Perturbed.Functional.Tests.Data.Cifar10Tests

open System
open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

/// An image whose pixel i is (i + its number) mod 256.
let private record (number: int) (label: byte) : byte[] =
    Array.append [| label |] (Array.init 3072 (fun i -> byte ((i + number) % 256)))

let private read (content: byte[]) : Cifar10Images =
    use stream = new MemoryStream(content)
    Cifar10.read "batch.bin" stream

[<Tests>]
let tests =
    testList "Data.Cifar10" [
        testCase "images are read with their labels, and become pixels in [0, 1] and vertices of the simplex" (fun () ->
            let images = read (Array.concat [ record 0 3uy; record 1 9uy ])
            Assert.Equal<byte[]>([| 3uy; 9uy |], images.Labels)
            Assert.Equal<byte[]>(Array.collect (fun n -> Array.tail (record n 0uy)) [| 0; 1 |], images.Pixels)
            let examples = Cifar10.toExamples images
            Assert.Equal(2, Examples.count examples)
            Assert.Equal(1.0, examples.Inputs[0, 255])
            Assert.Equal(5.0 / 255.0, examples.Inputs[1, 4])

            for r, label in [ 0, 3; 1, 9 ] do
                Assert.Equal<float[]>(Array.init 10 (fun c -> if c = label then 1.0 else 0.0), examples.Targets[r, *]))

        testCase "a file that is empty, cut short or mislabelled says at which offset and what was expected" (fun () ->
            let refuses (expected: string) (content: byte[]) =
                raises<InvalidDataException> ("batch.bin: offset " + expected) (fun () -> read content |> ignore)

            refuses "0: the file is empty; images of 3073 bytes were expected." [||]

            refuses
                "3173: the file ends after 100 bytes of image 1; 3073 were expected, a label and 3 × 32 × 32 pixels."
                (Array.append (record 0 1uy) (Array.truncate 100 (record 1 2uy)))

            refuses
                "3073: the label of image 1 is 10; 0 .. 9 was expected."
                (Array.append (record 0 1uy) (record 1 10uy)))

        testCase "images put together wrongly are named" (fun () ->
            raises<ArgumentException> "images.Pixels has length 3072; 3,072 for each label is 6144." (fun () ->
                Cifar10.toExamples
                    {
                        Labels = [| 1uy; 2uy |]
                        Pixels = Array.zeroCreate 3072
                    }
                |> ignore)

            raises<ArgumentException> "images.Labels[0] is 10; it must lie in 0 .. 9." (fun () ->
                Cifar10.toExamples
                    {
                        Labels = [| 10uy |]
                        Pixels = Array.zeroCreate 3072
                    }
                |> ignore))
    ]
