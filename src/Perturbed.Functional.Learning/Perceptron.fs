namespace Perturbed.Functional

open System
open System.Buffers
open Perturbed.Kernels

/// <summary>The multilayer perceptron θ = W_Lᵀ relu(… relu(W_1ᵀ x + b_1) …) + b_L as a model.</summary>
[<RequireQualifiedAccess>]
module Perceptron =

    /// The place of a layer's numbers in the flat vector of parameters: W [inputs × outputs], row by row, then b.
    [<Struct>]
    type private Layer =
        {
            Inputs: int
            Outputs: int
            Start: int
        }

        member this.Weights(parameters: float[]) : Span<float> =
            Span(parameters, this.Start, this.Inputs * this.Outputs)

        member this.Offset(parameters: float[]) : Span<float> =
            Span(parameters, this.Start + this.Inputs * this.Outputs, this.Outputs)

        member this.End: int = this.Start + (this.Inputs + 1) * this.Outputs

    let private layers (sizes: int[]) : Layer[] =
        let after (start: int) (inputs: int, outputs: int) =
            {
                Inputs = inputs
                Outputs = outputs
                Start = start
            }

        sizes
        |> Array.pairwise
        |> Array.scan (fun (previous: Layer) pair -> after previous.End pair) (after 0 (0, 0))
        |> Array.tail

    let private checkCount (sizes: int[]) : unit =
        let pairs = Array.pairwise sizes

        for inputs, outputs in pairs do
            Sizes.Product("sizes", $"The layer from {inputs} to {outputs}", int64 inputs + 1L, int64 outputs)
            |> ignore

        let total =
            pairs
            |> Array.sumBy (fun (inputs, outputs) -> (int64 inputs + 1L) * int64 outputs)

        Sizes.Product("sizes", "The parameters of all layers", total) |> ignore

    // He et al. (ICCV 2015): weights of variance 2/inputs keep the size of the signal through rectifiers. Offsets are
    // zero.
    let private initial (layers: Layer[]) (key: Key) : float[] =
        let parameters = Array.zeroCreate<float> (Array.last layers).End

        layers
        |> Array.iteri (fun l layer ->
            let deviation = sqrt (2.0 / float layer.Inputs)
            let weights = layer.Weights parameters
            let drawn = Draw.normals weights.Length (Key.fold l key)

            for i in 0 .. drawn.Length - 1 do
                weights[i] <- deviation * drawn[i])

        parameters

    // Not cleared: every entry is written by a product.
    let private batch (rows: int) (columns: int) : float[] =
        GC.AllocateUninitializedArray<float>(rows * columns)

    // A top-level function, because a local function cannot return a span.
    let private inputOf (inputs: float[,]) (hidden: float[][]) (l: int) : Span<float> =
        if l = 0 then Dense.AsSpan inputs else Span(hidden[l - 1])

    let private forward
        (threads: int)
        (layer: Layer)
        (isLast: bool)
        (rows: int)
        (parameters: float[])
        (input: Span<float>)
        (output: Span<float>)
        : unit =
        MatrixProduct.Multiply(
            Span.op_Implicit input,
            Span.op_Implicit (layer.Weights parameters),
            output,
            rows,
            layer.Inputs,
            layer.Outputs,
            threads
        )

        if isLast then
            Rectifier.Offset(output, Span.op_Implicit (layer.Offset parameters))
        else
            Rectifier.Forward(output, Span.op_Implicit (layer.Offset parameters))

    // The gradient of the layer's parameters, from its inputs and the cotangent of its outputs.
    let private gradient
        (threads: int)
        (layer: Layer)
        (rows: int)
        (input: Span<float>)
        (cotangent: Span<float>)
        (back: float[])
        : unit =
        MatrixProduct.TransposeMultiply(
            Span.op_Implicit input,
            Span.op_Implicit cotangent,
            layer.Weights back,
            layer.Inputs,
            rows,
            layer.Outputs,
            threads
        )

        Sums.AddRows(Span.op_Implicit cotangent, layer.Offset back)

    // The cotangent of the layer before, through its rectifier.
    let private carry
        (threads: int)
        (layer: Layer)
        (rows: int)
        (parameters: float[])
        (input: Span<float>)
        (cotangent: Span<float>)
        (result: Span<float>)
        : unit =
        MatrixProduct.MultiplyTranspose(
            Span.op_Implicit cotangent,
            Span.op_Implicit (layer.Weights parameters),
            result,
            rows,
            layer.Outputs,
            layer.Inputs,
            threads
        )

        Rectifier.Back(Span.op_Implicit input, result)

    /// <summary>The multilayer perceptron: dense layers with a rectifier max(·, 0) between each and the next, on all
    /// processors.</summary>
    /// <remarks>
    /// Parameters are W [inputs × outputs], row by row, and b of each layer in turn. They start at independent normals
    /// of variance 2/inputs and at b = 0 (He et al., ICCV 2015). The pullback keeps the values of the hidden layers,
    /// rows · Σ sizes numbers, and its copy of the parameters.
    /// </remarks>
    /// <param name="threads">The largest number of threads of a product, at least 1; the bits do not depend on
    /// it.</param>
    /// <param name="sizes">Features, the widths of the hidden layers, and the dimension of θ: at least two, each at
    /// least 1.</param>
    /// <returns>A model; a value costs 2 · rows · weights floating-point operations, a pullback about twice
    /// that.</returns>
    /// <exception cref="T:System.ArgumentException">Fewer than two sizes, or a number below 1.</exception>
    let model (threads: int) (sizes: int[]) : Model =
        Check.positiveInt (nameof threads) threads
        Check.notNull (nameof sizes) sizes

        if sizes.Length < 2 then
            invalidArg (nameof sizes) $"sizes has length {sizes.Length}; features and outputs are needed at least."

        sizes
        |> Array.iteri (fun i size -> Check.positiveInt $"{nameof sizes}[{i}]" size)

        checkCount sizes
        let layers = layers sizes
        let features, outputs, count = sizes[0], Array.last sizes, (Array.last layers).End
        let last = layers.Length - 1

        let apply (inputs: float[,]) (parameters: float[]) =
            ModelShapes.inputs inputs features
            ModelShapes.parameters parameters count
            let rows = Array2D.length1 inputs
            let parameters = Array.copy parameters
            let theta = Array2D.zeroCreate<float> rows outputs

            let hidden = Array.init last (fun l -> batch rows layers[l].Outputs)

            for l in 0..last do
                let output = if l = last then Dense.AsSpan theta else Span(hidden[l])
                forward threads layers[l] (l = last) rows parameters (inputOf inputs hidden l) output

            let pullback (cotangent: float[,]) : float[] =
                ModelShapes.cotangent cotangent rows outputs
                let back = Array.zeroCreate<float> count
                let widest = rows * Array.max sizes[1..]
                let mutable now = ArrayPool<float>.Shared.Rent widest
                let mutable next = ArrayPool<float>.Shared.Rent widest
                Dense.AsSpan(cotangent).CopyTo(Span now)

                for l in last .. -1 .. 0 do
                    let layer = layers[l]
                    let cotangent = Span(now, 0, rows * layer.Outputs)
                    gradient threads layer rows (inputOf inputs hidden l) cotangent back

                    if l > 0 then
                        carry
                            threads
                            layer
                            rows
                            parameters
                            (inputOf inputs hidden l)
                            cotangent
                            (Span(next, 0, rows * layer.Inputs))

                        let held = now
                        now <- next
                        next <- held

                ArrayPool<float>.Shared.Return now
                ArrayPool<float>.Shared.Return next
                back

            theta, pullback

        {
            Form = ModelForm.Perceptron sizes[1 .. sizes.Length - 2]
            InputDimension = features
            OutputDimension = outputs
            ParameterCount = count
            Initial = initial layers
            Apply = apply
        }
