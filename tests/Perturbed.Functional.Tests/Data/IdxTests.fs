module Perturbed.Functional.Tests.Data.IdxTests

open System
open System.IO
open System.IO.Compression
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

/// Two images of 1 × 3 pixels.
let private images: byte[] =
    [| 0; 0; 8; 3; 0; 0; 0; 2; 0; 0; 0; 1; 0; 0; 0; 3; 10; 20; 30; 0; 51; 255 |]
    |> Array.map byte

let private labels: byte[] = [| 0; 0; 8; 1; 0; 0; 0; 2; 4; 0 |] |> Array.map byte

let private read (content: byte[]) : IdxArray =
    use stream = new MemoryStream(content)
    Idx.read "images" stream

let private packed (content: byte[]) : byte[] =
    use target = new MemoryStream()

    using (new GZipStream(target, CompressionLevel.Fastest)) (fun zip -> zip.Write content)

    target.ToArray()

let private changed (index: int) (value: byte) (content: byte[]) : byte[] = Array.updateAt index value content

[<Tests>]
let tests =
    testList "Data.Idx" [
        testCase "an array is read with its axes, plain or compressed" (fun () ->
            for content in [ images; packed images ] do
                let array = read content
                Assert.Equal<int[]>([| 2; 1; 3 |], array.Shape)
                Assert.Equal<byte[]>(images[16..], array.Bytes))

        testCase "images become pixels in [0, 1], and labels vertices of the simplex" (fun () ->
            let examples = Idx.toExamples 5 (read images) (read labels)
            Assert.Equal<float[]>([| 0.0; 0.2; 1.0 |], examples.Inputs[1, *])
            Assert.Equal<float[]>([| 0.0; 0.0; 0.0; 0.0; 1.0 |], examples.Targets[0, *])
            Assert.Equal<float[]>([| 1.0; 0.0; 0.0; 0.0; 0.0 |], examples.Targets[1, *]))

        testCase "a file without entries is an empty array" (fun () ->
            let empty = read (Array.map byte [| 0; 0; 8; 2; 0; 0; 0; 0; 0; 0; 0; 3 |])
            Assert.Equal<int[]>([| 0; 3 |], empty.Shape)

            Assert.Equal(
                0,
                Examples.count (Idx.toExamples 3 empty (read (Array.map byte [| 0; 0; 8; 1; 0; 0; 0; 0 |])))
            ))

        testCase "what is wrong is said with its offset" (fun () ->
            let refuses (expected: string) (content: byte[]) =
                raises<InvalidDataException> ("images: offset " + expected) (fun () -> read content |> ignore)

            refuses "0: the file ends; 4 bytes were expected" [||]
            refuses "0: the file begins with the bytes 1 and 0; 0 and 0 were expected." (changed 0 1uy images)

            refuses "2: the type is 13, single precision; 8, unsigned bytes, was expected." (changed 2 13uy images)

            refuses "2: the type is 7; 8, unsigned bytes, was expected." (changed 2 7uy images)
            refuses "3: the number of axes is 0" (changed 3 0uy images)
            refuses "9: the file ends; the lengths of 3 axes" (Array.truncate 9 images)
            refuses "8: the length of axis 1 is above 2^31 − 1." (changed 8 128uy images)
            refuses "20: the file ends, and the file has 4 entries; 6 = 2 × 1 × 3 were" (Array.truncate 20 images)

            refuses
                "22: the array ends, and the file has 7 entries; 6 = 2 × 1 × 3 were"
                (Array.append images [| 1uy |])
            // A product of the lengths beyond 64 bits.
            refuses
                "16: the file ends"
                (Array.append (Array.init 16 (fun i -> if i % 4 = 0 && i > 0 then 127uy else images[i])) [||])

            let zip = packed (Array.init 4000 (fun i -> byte (i * i)))
            refuses "0: the gzip file is damaged" (Array.append (Array.truncate 10 zip) (Array.create 30 255uy)))

        testCase "arrays that do not fit each other are named" (fun () ->
            raises<ArgumentException> "labels is 3; images has 2, and one label each was expected." (fun () ->
                Idx.toExamples
                    5
                    (read images)
                    {
                        Shape = [| 3 |]
                        Bytes = Array.zeroCreate 3
                    }
                |> ignore)

            raises<ArgumentException> "the label of image 0 is 4; it must lie in 0 .. 3." (fun () ->
                Idx.toExamples 4 (read images) (read labels) |> ignore)

            raises<ArgumentException> "images.Bytes has length 5; the product of its axes is 6." (fun () ->
                Idx.toExamples
                    5
                    {
                        Shape = [| 2; 3 |]
                        Bytes = Array.zeroCreate 5
                    }
                    (read labels)
                |> ignore))

        testCase "Fashion-MNIST, where it is there" (fun () ->
            let folder =
                Path.Combine(AppContext.BaseDirectory, "../../../../../../shared/data/fashion-mnist")

            if not (Directory.Exists folder) then
                skiptest "the data are not here"

            let test = Idx.load (Path.Combine(folder, "t10k-images-idx3-ubyte.gz"))
            Assert.Equal<int[]>([| 10000; 28; 28 |], test.Shape))
    ]
