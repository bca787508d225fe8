namespace Perturbed.Experiments

open System
open System.Threading.Tasks
open Perturbed.Functional
open Perturbed.Kernels

/// <summary>The model of the costs: one small network for every tile, from its pixels and those around it to one
/// number.</summary>
/// <remarks>A row of inputs is the number of a map in its set: pixels stay bytes until a batch needs them.</remarks>
[<RequireQualifiedAccess>]
module TileEncoder =

    // Pixels around a tile that the network sees too.
    let private margin = 1
    let private side = MapSet.TilePixels + 2 * margin

    /// Numbers that the network takes of a tile: 10 × 10 pixels of three colours.
    let patch: int = side * side * 3

    // Brightness around 0, in units that the start of a network expects.
    let private scaled: float[] =
        Array.init 256 (fun value -> (float value - 128.0) / 64.0)

    // Beyond the edge of the map is 0, the middle of the scale.
    let private gather (pixels: byte[]) (map: int) (patches: float[,]) (row: int) : unit =
        for cell in 0 .. MapSet.Cells - 1 do
            let top = cell / MapSet.Tiles * MapSet.TilePixels - margin
            let left = cell % MapSet.Tiles * MapSet.TilePixels - margin
            let first, last = max 0 left, min MapSet.Side (left + side)
            let patch = Dense.AsSpan(patches).Slice((row * MapSet.Cells + cell) * patch, patch)

            for y in max 0 top .. min MapSet.Side (top + side) - 1 do
                let from = map * MapSet.MapBytes + 3 * (y * MapSet.Side + first)
                let line = patch.Slice(3 * ((y - top) * side + first - left), 3 * (last - first))
                let bytes = ReadOnlySpan(pixels, from, line.Length)

                for i in 0 .. line.Length - 1 do
                    line[i] <- scaled[int bytes[i]]

    let private softplus (x: float) : float =
        max x 0.0 + Math.Log(1.0 + exp -(abs x))

    let private sigmoid (x: float) : float = 1.0 / (1.0 + exp -x)

    /// <summary>The model θ = −softplus(network(patch)) of every tile, so that costs are positive.</summary>
    /// <param name="threads">The largest number of threads; the bits do not depend on it.</param>
    /// <param name="hidden">The widths of the hidden layers.</param>
    /// <param name="set">The maps.</param>
    /// <returns>A model from numbers of maps [rows × 1] to θ [rows × 144].</returns>
    let model (threads: int) (hidden: int[]) (set: MapSet) : Model =
        let network =
            Perceptron.model threads (Array.concat [ [| patch |]; hidden; [| 1 |] ])

        let apply (numbers: float[,]) =
            let rows = Array2D.length1 numbers
            let patches = Array2D.zeroCreate<float> (rows * MapSet.Cells) patch

            Parallel.For(
                0,
                rows,
                ParallelOptions(MaxDegreeOfParallelism = threads),
                fun row -> gather set.Pixels (int numbers[row, 0]) patches row
            )
            |> ignore

            let scores = network.Apply patches

            fun (parameters: float[]) ->
                let score, pullback = scores parameters
                let at row cell = score[row * MapSet.Cells + cell, 0]
                let theta = Array2D.init rows MapSet.Cells (fun row cell -> -softplus(at row cell))

                let back (cotangent: float[,]) =
                    Array2D.init (rows * MapSet.Cells) 1 (fun i _ ->
                        -sigmoid score[i, 0] * cotangent[i / MapSet.Cells, i % MapSet.Cells])
                    |> pullback

                theta, back

        {
            InputDimension = 1
            OutputDimension = MapSet.Cells
            ParameterCount = network.ParameterCount
            Form = ModelForm.Own
            Initial = network.Initial
            Apply = apply
        }

    /// <summary>The examples of a set: the numbers of its maps and their paths.</summary>
    /// <param name="set">The maps.</param>
    /// <returns>Inputs [maps × 1], targets [maps × 144].</returns>
    let examples (set: MapSet) : Examples =
        Examples.create (Array2D.init set.Count 1 (fun map _ -> float map)) set.Paths

    /// <summary>θ of every map of a set, by batches.</summary>
    /// <param name="model">A model of this set.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="set">The set.</param>
    /// <returns>θ, [maps × 144].</returns>
    let predict (model: Model) (parameters: float[]) (set: MapSet) : float[,] =
        let theta = Array2D.zeroCreate<float> set.Count MapSet.Cells

        for batch in Array.chunkBySize 100 (Array.init set.Count id) do
            let numbers = Array2D.init batch.Length 1 (fun i _ -> float batch[i])
            let part = model |> Model.predict parameters numbers
            Array2D.blit part 0 0 theta batch[0] 0 batch.Length MapSet.Cells

        theta
