module Perturbed.Functional.Tests.Data.NpyTests

open System
open System.IO
open System.Text
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

/// A file as NumPy writes it: the numbers begin at byte 128.
let private file (version: int) (elementType: string) (order: string) (shape: string) (numbers: byte[]) : byte[] =
    let start = [| 0x93uy; 78uy; 85uy; 77uy; 80uy; 89uy; byte version; 0uy |]
    let lengthBytes = if version = 1 then 2 else 4
    let length = 128 - 8 - lengthBytes

    let text =
        $"{{'descr': '{elementType}', 'fortran_order': {order}, 'shape': {shape}, }}".PadRight(length - 1)
        + "\n"

    Array.concat [
        start
        Array.sub (BitConverter.GetBytes length) 0 lengthBytes
        Encoding.Latin1.GetBytes text
        numbers
    ]

let private readBytes (nonFinite: NonFinite) (content: byte[]) : NpyArray =
    use stream = new MemoryStream(content)
    Npy.read nonFinite "x.npy" stream

/// Files whose numbers are those that NumPy 1.24 wrote, and what they hold.
let private written: (string * byte[] * int[] * NpyData) list =
    let data (hex: string) = Convert.FromHexString hex
    let halves = Array.init 6 (fun i -> 0.5 * float i)
    let single = Array.map float32 halves

    [
        "bytes", file 1 "|u1" "False" "(2, 3)" (data "000102030405"), [| 2; 3 |], NpyData.UInt8 [| 0uy .. 5uy |]
        "truth",
        file 1 "|b1" "False" "(2, 3)" (data "000100010001"),
        [| 2; 3 |],
        NpyData.UInt8 [| 0uy; 1uy; 0uy; 1uy; 0uy; 1uy |]
        "double, Fortran",
        file
            1
            "<f8"
            "True"
            "(2, 3)"
            (data "0000000000000000000000000000f83f000000000000e03f0000000000000040000000000000f03f0000000000000440"),
        [| 2; 3 |],
        NpyData.Float64 halves
        "single, big-endian, version 2",
        file 2 ">f4" "False" "(2, 3)" (data "000000003f0000003f8000003fc000004000000040200000"),
        [| 2; 3 |],
        NpyData.Float32 single
        "half, Fortran, version 3",
        file 3 "<f2" "True" "(2, 3)" (data "0000003e00380040003c0041"),
        [| 2; 3 |],
        NpyData.Float32 single
        "long, big-endian",
        file
            1
            ">i8"
            "False"
            "(2, 3)"
            (data "fffffffffffffffdfffffffffffffffeffffffffffffffff000000000000000000000000000000010000000000000002"),
        [| 2; 3 |],
        NpyData.Int64 [| -3L .. 2L |]
        "short, big-endian, Fortran, three axes",
        file
            1
            ">i2"
            "True"
            "(2, 3, 4)"
            (data "fff90005fffd00090001000dfffa0006fffe000a0002000efffb0007ffff000b0003000ffffc00080000000c00040010"),
        [| 2; 3; 4 |],
        NpyData.Int64 [| -7L .. 16L |]
        "a single number", file 1 "<f8" "False" "()" (data "0000000000000440"), [||], NpyData.Float64 [| 2.5 |]
        "no numbers", file 1 "<f8" "False" "(0, 4)" [||], [| 0; 4 |], NpyData.Float64 [||]
    ]

let private refuses (expected: string) (content: byte[]) : unit =
    raises<InvalidDataException> ("x.npy: offset " + expected) (fun () -> readBytes NonFinite.Reject content |> ignore)

let private doubles (numbers: float[]) : byte[] =
    numbers |> Array.collect BitConverter.GetBytes

[<Tests>]
let tests =
    testList "Data.Npy" [
        testCase "arrays that NumPy wrote are read in C order, whatever their version, order and byte order" (fun () ->
            for name, content, shape, data in written do
                let array = readBytes NonFinite.Reject content
                Assert.True(array.Shape = shape, $"{name}: %A{array.Shape}")
                Assert.True(array.Data = data, $"{name}: %A{array.Data}"))

        testCase "what is written is read back with the same bits, and is what NumPy writes" (fun () ->
            let generated =
                gen {
                    let! shape = Gen.choose (0, 4) |> Gen.arrayOf |> Gen.resize 4
                    let count = Array.fold (*) 1 shape
                    let! numbers = vector count
                    let! kind = Gen.choose (0, 3)

                    let data =
                        match kind with
                        | 0 -> NpyData.Float64 numbers
                        | 1 -> NpyData.Float32(Array.map float32 numbers)
                        | 2 -> NpyData.Int64(Array.map int64 numbers)
                        | _ -> NpyData.UInt8(Array.map (fun v -> byte (int (abs v))) numbers)

                    return Npy.create shape data
                }

            forAll generated (fun array ->
                use stream = new MemoryStream()
                Npy.write stream array
                let content = stream.ToArray()
                let back = readBytes NonFinite.Reject content
                let dataAt = 128
                back.Shape = array.Shape && back.Data = array.Data && content[dataAt - 1] = 10uy)
            |> check 200

            use stream = new MemoryStream()
            Npy.write stream (Npy.create [| 2; 3 |] (NpyData.UInt8 [| 0uy .. 5uy |]))
            let _, numpy, _, _ = written.Head
            Assert.Equal<byte[]>(numpy, stream.ToArray()))

        testCase "a file that is no array says at which offset, what was found and what was expected" (fun () ->
            refuses "0: the file is empty; the magic bytes 93 4E 55 4D 50 59 of an .npy file were expected." [||]

            refuses
                "0: the file begins with 504B0304; the magic bytes 93 4E 55 4D 50 59 of an .npy file were expected."
                [| 0x50uy; 0x4Buy; 3uy; 4uy |]

            let good = file 1 "<f8" "False" "(2, 2)" (doubles [| 1.0; 2.0; 3.0; 4.0 |])
            refuses "7: the file ends; the version of the format was expected, 1 bytes more." good[..6]
            refuses "9: the file ends; the length of the header was expected, 1 bytes more." good[..8]
            refuses "50: the file ends; the header was expected, 78 bytes more." good[..49]

            let version4 = Array.copy good
            version4[6] <- 4uy
            refuses "6: the version is 4.0; 1.0, 2.0 or 3.0 was expected." version4
            let long = file 2 "<f8" "False" "(1,)" [||]
            Array.blit (BitConverter.GetBytes 2000000) 0 long 8 4
            refuses "8: the header has 2000000 bytes; at most 1048576 were expected." long)

        testCase "a header that cannot be used is shown with what was expected" (fun () ->
            refuses
                "10: the element type is '<c16'; b1, i1, i2, i4, i8, u1"
                (file 1 "<c16" "False" "(1,)" (doubles [| 1.0; 2.0 |]))

            refuses
                "61: the header is {'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }; a whole number of 0 .. 2147483647 was expected here."
                (file 1 "<f8" "False" "(-1,)" [||])

            for shape, offset, expected in
                [
                    "(2,,4)", 63, "a whole number of 0 .. 2147483647"
                    "(2 4)", 63, "a comma or the end of the tuple"
                    "(2.0,)", 62, "a comma or the end of the tuple"
                    "(3)", 62, "a comma, as in (3,),"
                    "(2147483648,)", 61, "a whole number of 0 .. 2147483647"
                    "(np.float64(3),)", 61, "a whole number of 0 .. 2147483647"
                    "3", 60, "a tuple such as (3, 4)"
                    "(3,", 63, "a whole number of 0 .. 2147483647"
                    "(3,), 'more': 1", 66, "the entries descr, fortran_order and shape, each once,"
                    "(3,), 'shape': (3,)", 66, "the entries descr, fortran_order and shape, each once,"
                    "(3,)} x", 66, "the end of the header"
                ] do
                let content = file 1 "<f8" "False" shape [||]
                let text = Encoding.Latin1.GetString(content, 10, 118).Trim()
                refuses $"{offset}: the header is {text}; {expected} was expected here." content

            refuses
                "44: the header is {'descr': '<f8', 'fortran_order': No, 'shape': (1,), }; True or False was expected here."
                (file 1 "<f8" "No" "(1,)" (doubles [| 1.0 |]))

            refuses
                "128: the shape (65536, 65536) of '<f8' asks for 34359738368 bytes; at most 2147483591 can be read."
                (file 1 "<f8" "False" "(65536, 65536)" [||]))

        testCase
            "headers that NumPy reads are read: long integers, NumPy's scalars, element types by other names"
            (fun () ->
                for shape, expected in
                    [
                        "(2L, 1L)", [| 2; 1 |]
                        "(np.int64(2), 1)", [| 2; 1 |]
                        "(np.uint32(2),)", [| 2 |]
                        "( 2 , 1 , )", [| 2; 1 |]
                        "(2, 1, 1,)", [| 2; 1; 1 |]
                    ] do
                    let array =
                        readBytes NonFinite.Reject (file 1 "<f8" "False" shape (doubles [| 1.0; 2.0 |]))

                    Assert.Equal<int[]>(expected, array.Shape)

                let two = NpyData.Int64 [| 1L; 2L |]

                let hex (elementType: string) (bytes: string) (expected: NpyData) =
                    let array =
                        readBytes NonFinite.Reject (file 1 elementType "False" "(2,)" (Convert.FromHexString bytes))

                    Assert.Equal(expected, array.Data)

                hex "<u8" "01000000000000000200000000000000" two
                hex ">u8" "00000000000000010000000000000002" two
                hex "=i2" "01000200" two
                hex "|i4" "0100000002000000" two
                hex "int64" "01000000000000000200000000000000" two
                hex ">h" "00010002" two
                hex "=f8" "000000000000f03f0000000000000040" (NpyData.Float64 [| 1.0; 2.0 |])
                hex "float32" "0000803f00000040" (NpyData.Float32 [| 1.0f; 2.0f |])

                for truth in [ "?"; "|b1"; "<b1"; "bool" ] do
                    hex truth "0001" (NpyData.UInt8 [| 0uy; 1uy |])

                // Quotes, order and blanks are Python's to choose.
                let other =
                    Encoding.Latin1.GetBytes(
                        "{\"shape\":(2,),\"descr\":\"<f8\",\"fortran_order\":True}".PadRight 117 + "\n"
                    )

                let content = file 1 "<f8" "False" "(2,)" (doubles [| 1.0; 2.0 |])
                Array.blit other 0 content 10 118
                Assert.Equal(NpyData.Float64 [| 1.0; 2.0 |], (readBytes NonFinite.Reject content).Data))

        testCase "a whole number that no Int64 holds is named by its offset" (fun () ->
            for elementType, bytes in
                [
                    "<u8", "0000000000000000ffffffffffffff7f0000000000000080"
                    ">u8", "00000000000000007fffffffffffffff8000000000000000"
                ] do
                refuses
                    "144: number 2 of 3 is 9223372036854775808; at most 9223372036854775807 can be read."
                    (file 1 elementType "False" "(3,)" (Convert.FromHexString bytes)))

        testCase "numbers that are missing, too many or not finite are named by their offset" (fun () ->
            let content = file 1 "<f8" "False" "(2, 2)" (doubles [| 1.0; 2.0; nan; infinity |])

            refuses
                "151: the file ends after 23 bytes of numbers; 32 were expected for the shape (2, 2) of '<f8'."
                content[..150]

            refuses
                "160: more bytes follow the 32 of the shape (2, 2) of '<f8'; the end of the file was expected."
                (Array.append content [| 0uy |])

            refuses "144: number 2 of 4 is NaN or infinite; a finite number was expected." content

            match (readBytes NonFinite.Keep content).Data with
            | NpyData.Float64 kept -> Assert.Equal<float[]>([| 1.0; 2.0; nan; infinity |], kept)
            | other -> Assert.Fail $"%A{other}"

            for elementType, bits in
                [ ">f4", "7f800001"; "<f4", "000080ff"; "<f2", "007c"; ">f2", "fe00"; ">f8", "7ff8000000000000" ] do
                refuses
                    "128: number 0 of 1 is NaN or infinite; a finite number was expected."
                    (file 1 elementType "False" "(1,)" (Convert.FromHexString bits)))

        testCase "a shape other than the expected one is named" (fun () ->
            let array =
                readBytes NonFinite.Reject (file 1 "|u1" "False" "(2, 3)" [| 0uy .. 5uy |])

            Assert.Same(array.Shape, (Npy.requireShape [| None; Some 3 |] array).Shape)

            raises<InvalidDataException> "x.npy: the shape is (2, 3); (any, 4) was expected." (fun () ->
                Npy.requireShape [| None; Some 4 |] array |> ignore)

            raises<InvalidDataException> "x.npy: the shape is (2, 3); (any, any, any) was expected." (fun () ->
                Npy.requireShape [| None; None; None |] array |> ignore))

        testCase "an array with another number of numbers than its shape says is refused" (fun () ->
            raises<ArgumentException> "data has 3 numbers; the shape (2, 2) asks for 4." (fun () ->
                Npy.create [| 2; 2 |] (NpyData.Float64(Array.zeroCreate 3)) |> ignore)

            raises<ArgumentException> "shape[1] is -2; it must be at least 0." (fun () ->
                Npy.create [| 2; -2 |] (NpyData.Float64 [||]) |> ignore))

        testCase "saving replaces the whole file or leaves the old one, and nothing beside it" (fun () ->
            let directory = Directory.CreateTempSubdirectory()

            try
                let path = Path.Combine(directory.FullName, "a.npy")
                let first = Npy.create [| 2 |] (NpyData.Float64 [| 1.0; 2.0 |])
                Npy.save path first
                Npy.save path (Npy.create [| 1 |] (NpyData.Int64 [| 7L |]))
                let back = Npy.load NonFinite.Reject path
                Assert.Equal(NpyData.Int64 [| 7L |], back.Data)
                Assert.Equal(path, back.Source)
                Assert.Single(directory.GetFiles()) |> ignore
                // A directory in the way of the new file: the old one stays.
                Directory.CreateDirectory(path + ".new") |> ignore
                let error = Assert.ThrowsAny<exn>(fun () -> Npy.save path first)
                Assert.Contains($"'{path}'", error.Message)
                Assert.Equal(NpyData.Int64 [| 7L |], (Npy.load NonFinite.Reject path).Data)
            finally
                directory.Delete true)
    ]
