module Perturbed.Experiments.Tests.WarcraftTests

open System
open System.Collections.Generic
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

let private maps = TerrainGenerator.create 40 (Key.create 7UL)

let private flat (values: float[,]) : float[] =
    values |> Seq.cast<float> |> Seq.toArray

/// The cost of the shortest path over 8 neighbours, by Dijkstra's algorithm with every cost of a tile taken on entering it.
let private dijkstra (costs: float[]) : float =
    let side = MapSet.Tiles
    let best = Array.create MapSet.Cells infinity
    let queue = PriorityQueue<int, float>()
    best[0] <- costs[0]
    queue.Enqueue(0, costs[0])

    while queue.Count > 0 do
        let cell = queue.Dequeue()

        for down in -1 .. 1 do
            for right in -1 .. 1 do
                let r, c = cell / side + down, cell % side + right

                if r >= 0 && c >= 0 && r < side && c < side then
                    let next = r * side + c
                    let length = best[cell] + costs[next]

                    if length < best[next] then
                        best[next] <- length
                        queue.Enqueue(next, length)

    best[MapSet.Cells - 1]

/// θ of a tile by the definition: its 10 × 10 pixels around, outside the map the middle of the scale.
let private naiveTheta (network: Model) (parameters: float[]) (set: MapSet) (map: int) (cell: int) : float =
    let patch =
        [|
            for y in -1 .. 8 do
                for x in -1 .. 8 do
                    for channel in 0..2 do
                        let row = cell / 12 * 8 + y
                        let column = cell % 12 * 8 + x

                        if row < 0 || column < 0 || row > 95 || column > 95 then
                            0.0
                        else
                            (float set.Pixels[map * 27648 + (row * 96 + column) * 3 + channel] - 128.0)
                            / 64.0
        |]

    let score =
        (Model.predict parameters (Array2D.init 1 patch.Length (fun _ i -> patch[i])) network)[0, 0]

    -Math.Log(1.0 + exp score)

[<Tests>]
let tests =
    testList "Warcraft" [
        testCase
            "maps are a function of key and number: a larger set begins with the smaller one, another key gives other maps"
            (fun () ->
                let fewer = TerrainGenerator.create 15 (Key.create 7UL)
                let first = MapSet.truncate 15 maps
                Assert.Equal<byte[]>(first.Pixels, fewer.Pixels)
                Assert.Equal<float[]>(flat first.Costs, flat fewer.Costs)
                Assert.Equal<float[]>(flat first.Paths, flat fewer.Paths)
                let other = TerrainGenerator.create 15 (Key.create 8UL)
                Assert.NotEqual<byte[]>(other.Pixels, fewer.Pixels))

        testCase "tiles have the five costs, and the label of a map is a path as short as Dijkstra's" (fun () ->
            let oracle = TerrainGenerator.oracle NegativeCosts.Reject
            Assert.Equal<float[]>(TerrainLayout.costs, flat maps.Costs |> Array.distinct |> Array.sort)

            for map in 0 .. maps.Count - 1 do
                let path = maps.Paths[map, *]
                Assert.True(oracle.Implementation.IsSolution(ReadOnlySpan path))
                let cost = Array.map2 (*) path maps.Costs[map, *] |> Array.sum
                // Sums of at most 144 costs of at most 9.2, in two orders.
                Assert.InRange(cost - dijkstra maps.Costs[map, *], -1e-11, 1e-11))

        testCase "terrain hangs together: neighbours share it far more often than any two tiles do" (fun () ->
            let pairs =
                [|
                    for map in 0 .. maps.Count - 1 do
                        for r in 0 .. MapSet.Tiles - 1 do
                            for c in 0 .. MapSet.Tiles - 2 do
                                let at = r * MapSet.Tiles + c
                                maps.Costs[map, at] = maps.Costs[map, at + 1]
                |]

            let share = float (pairs |> Array.filter id |> Array.length) / float pairs.Length
            // Two tiles of independent uniform terrain agree with probability 0.2; of these 5,280 pairs more than 0.25 would by a chance below 1e-18.
            Assert.True(share > 0.5, $"{share}"))

        testCase
            "colours do not give the paths away: tables of mean colours and of single pixels that are told the costs find few"
            (fun () ->
                let train = TerrainGenerator.create 400 (Key.create 1UL)
                let test = TerrainGenerator.create 200 (Key.create 2UL)

                for colour in [ TileColour.Mean; TileColour.CentrePixel ] do
                    let score =
                        ColourTable.theta colour train test
                        |> PathMetrics.paths
                        |> PathMetrics.score test

                    Assert.True(score.Optimal < 0.2, $"{colour}: {score}")

                // With the true costs the same measure finds all of them.
                let perfect =
                    Array2D.map (~-) test.Costs |> PathMetrics.paths |> PathMetrics.score test

                Assert.Equal(1.0, perfect.Optimal)
                Assert.InRange(perfect.CostRatio, 1.0 - 1e-12, 1.0 + 1e-12)
                Assert.Equal(1.0, perfect.Exact))

        testCase "ties count as optimal, detours by their cost" (fun () ->
            let uniform =
                { MapSet.truncate 1 maps with
                    Costs = Array2D.create 1 MapSet.Cells 2.0
                    Paths = PathMetrics.paths (Array2D.create 1 MapSet.Cells -2.0)
                }

            let along (cells: (int * int) list) =
                Array2D.init 1 MapSet.Cells (fun _ at ->
                    if List.contains (at / MapSet.Tiles, at % MapSet.Tiles) cells then
                        1.0
                    else
                        0.0)

            let diagonal = [ for i in 0..11 -> i, i ]
            let tie = along ((0, 0) :: (1, 0) :: [ for i in 2..11 -> i, i - 1 ] @ [ 11, 11 ])
            let straight = PathMetrics.score uniform (along diagonal)
            Assert.Equal(1.0, straight.Optimal)
            // One tile more than the twelve of the diagonal.
            let longer = PathMetrics.score uniform tie
            Assert.Equal(0.0, longer.Optimal)
            Assert.Equal(13.0 / 12.0, longer.CostRatio, 12))

        testCase
            "a path's cells are in order, from the top left to the bottom right, each a neighbour of the one before"
            (fun () ->
                for map in 0 .. maps.Count - 1 do
                    let path = maps.Paths[map, *]
                    let cells = PathCells.ofIndicator path
                    Assert.Equal((0, 0), cells[0])
                    Assert.Equal((11, 11), Array.last cells)
                    Assert.Equal(int (Array.sum path), cells.Length)

                    for (r, c), (r', c') in Array.pairwise cells do
                        Assert.True(abs (r - r') <= 1 && abs (c - c') <= 1))

        testCase "the encoder is the network on each tile's own pixels and one around them" (fun () ->
            let model = TileEncoder.model 2 [| 9 |] maps
            let network = Perceptron.model 1 [| TileEncoder.patch; 9; 1 |]
            let parameters = model.Initial(Key.create 3UL)
            let theta = model |> Model.predict parameters (array2D [ [ 5.0 ]; [ 0.0 ] ])

            for row, map in [ 0, 5; 1, 0 ] do
                for cell in 0 .. MapSet.Cells - 1 do
                    Assert.Equal(naiveTheta network parameters maps map cell, theta[row, cell], 12)

            let all = TileEncoder.predict model parameters maps
            Assert.Equal<float[]>(theta[0, *], all[5, *])
            Assert.Equal<float[]>(theta[1, *], all[0, *]))

        testCase "the encoder's pullback is its derivative" (fun () ->
            let model = TileEncoder.model 1 [| 5 |] maps
            let parameters = model.Initial(Key.create 4UL)
            let numbers = array2D [ [ 1.0 ]; [ 7.0 ] ]
            let cotangent = Array2D.init 2 MapSet.Cells (fun r c -> sin (float (r * 31 + c)))

            let value (w: float[]) =
                Array.fold2 (fun s a b -> s + a * b) 0.0 (flat cotangent) (flat (Model.predict w numbers model))

            let back = snd (model.Apply numbers parameters) cotangent
            let h = 1e-6

            // Every hundredth parameter: the truncation is of order h², the rounding of order 1e-13/h.
            for i in 0..100 .. parameters.Length - 1 do
                let moved step =
                    Array.mapi (fun j v -> if j = i then v + step else v) parameters |> value

                let quotient = (moved h - moved -h) / (2.0 * h)

                Assert.True(
                    abs (quotient - back[i]) < 1e-5 * (1.0 + abs quotient),
                    $"parameter {i}: {quotient}, {back[i]}"
                ))

        testCase
            "training by the Fenchel-Young loss on few maps brings the paths of others nearer to the optimum"
            (fun () ->
                let train = TerrainGenerator.create 140 (Key.create 1UL)

                let settings =
                    { WarcraftSettings.ofRequest
                          {
                              IsQuick = true
                              Key = 0UL
                              Data = None
                          } with
                        Epochs = 4
                        Hidden = [| 24 |]
                    }

                let ratio (parameters: float[]) =
                    let theta =
                        TileEncoder.predict (TileEncoder.model 2 settings.Hidden maps) parameters maps

                    (PathMetrics.score maps (PathMetrics.paths theta)).CostRatio

                let model = WarcraftTraining.model settings 2 PathLoss.FenchelYoung train
                let config = WarcraftTraining.config settings

                let trained =
                    TileEncoder.examples train
                    |> Training.run config model (WarcraftTraining.loss settings 2 PathLoss.FenchelYoung)

                let before = ratio (Training.start config model).Parameters
                let after = ratio trained.Parameters
                Assert.True(after - 1.0 < 0.8 * (before - 1.0), $"{before} to {after}"))
    ]
