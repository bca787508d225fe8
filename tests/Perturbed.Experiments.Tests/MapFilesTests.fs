module Perturbed.Experiments.Tests.MapFilesTests

open System.IO
open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private maps = TerrainGenerator.create 3 (Key.create 1UL)

let private save (directory: string) (what: string) (shape: int[]) (data: NpyData) : unit =
    Npy.create shape data |> Npy.save (Path.Combine(directory, $"test_{what}.npy"))

[<Tests>]
let tests =
    testList "MapFiles" [
        testCase "maps that are written are read back with the same bits" (fun () ->
            use directory = new TemporaryDirectory()
            MapFiles.save directory.Path "test" maps
            let back = MapFiles.load directory.Path "test"
            Assert.Equal(3, MapFiles.count directory.Path "test")
            Assert.Equal<byte[]>(maps.Pixels, back.Pixels)
            Assert.Equal<float[]>(rowsOf maps.Costs |> Array.concat, rowsOf back.Costs |> Array.concat)
            Assert.Equal<float[]>(rowsOf maps.Paths |> Array.concat, rowsOf back.Paths |> Array.concat))

        testCase "files that do not fit are named with what was found and what was expected" (fun () ->
            use directory = new TemporaryDirectory()

            let refuses (expected: string) =
                let error =
                    Assert.Throws<InvalidDataException>(fun () -> MapFiles.load directory.Path "test" |> ignore)

                Assert.Contains(expected, error.Message)

            MapFiles.save directory.Path "test" maps
            save directory.Path "vertex_weights" [| 3; 144 |] (NpyData.Float64(Array.create 432 1.0))
            refuses "test_vertex_weights.npy: the shape is (3, 144); (any, 12, 12) was expected."

            save directory.Path "vertex_weights" [| 2; 12; 12 |] (NpyData.Float64(Array.create 288 1.0))
            refuses "test_shortest_paths.npy: the shape is (3, 12, 12); (2, 12, 12) was expected."

            let costs = Array.create 432 1.0
            costs[144 + 13] <- -0.5
            save directory.Path "vertex_weights" [| 3; 12; 12 |] (NpyData.Float64 costs)
            refuses "test_vertex_weights.npy: map 1, tile (1, 1) is -0.5; a cost of at least 0 was expected."

            costs[144 + 13] <- nan
            save directory.Path "vertex_weights" [| 3; 12; 12 |] (NpyData.Float64 costs)

            refuses
                "test_vertex_weights.npy: offset 1384: number 157 of 432 is NaN or infinite; a finite number was expected."

            MapFiles.save directory.Path "test" maps
            save directory.Path "shortest_paths" [| 3; 12; 12 |] (NpyData.UInt8(Array.create 432 2uy))
            refuses "test_shortest_paths.npy: map 0, tile (0, 0) is 2; 0 or 1 was expected."

            MapFiles.save directory.Path "test" maps
            save directory.Path "maps" [| 3; 96; 96; 3 |] (NpyData.Float32(Array.zeroCreate 82944))
            refuses "test_maps.npy: the pixels are no bytes; the element type |u1 was expected."

            save directory.Path "maps" [| 3; 3; 96; 96 |] (NpyData.UInt8(Array.zeroCreate 82944))
            refuses "test_maps.npy: the shape is (3, 3, 96, 96); (3, 96, 96, 3) was expected."

            File.WriteAllText(Path.Combine(directory.Path, "test_maps.npy"), "")
            refuses "test_maps.npy: offset 0: the file is empty")

        testCase "costs of half precision, as in the public files, are read exactly" (fun () ->
            use directory = new TemporaryDirectory()
            MapFiles.save directory.Path "test" maps
            let path = Path.Combine(directory.Path, "test_vertex_weights.npy")
            let header = (File.ReadAllBytes path)[..127]
            let text = System.Text.Encoding.Latin1.GetString(header).Replace("<f8", "<f2")

            let halves =
                Array.init 432 (fun i ->
                    System.BitConverter.GetBytes(System.Half.op_Explicit (0.25 * float (i % 8)): System.Half))
                |> Array.concat

            File.WriteAllBytes(path, Array.append (System.Text.Encoding.Latin1.GetBytes text) halves)
            let back = MapFiles.load directory.Path "test"
            Assert.Equal<float[]>(Array.init 144 (fun i -> 0.25 * float (i % 8)), back.Costs[0, *]))
    ]
