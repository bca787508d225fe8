namespace Perturbed.Experiments

open Perturbed.Functional
open Perturbed.Kernels

/// <summary>The model of a cloud of images: a perceptron that takes each of them to a point, and the similarities of all
/// pairs.</summary>
/// <remarks>A row of inputs is the numbers of n images in their set: pixels stay bytes until a batch needs
/// them.</remarks>
[<RequireQualifiedAccess>]
module ImageEncoder =

    /// <summary>The perceptron from pixels to points.</summary>
    /// <param name="threads">The largest number of threads; the bits do not depend on it.</param>
    /// <param name="hidden">The widths of the hidden layers.</param>
    /// <param name="dimension">The dimension of a point.</param>
    /// <returns>A model from pixels [images × 784] to points.</returns>
    let network (threads: int) (hidden: int[]) (dimension: int) : Model =
        Perceptron.model threads (Array.concat [ [| FashionImages.Pixels |]; hidden; [| dimension |] ])

    /// <summary>The model from numbers of images to the similarities of their pairs.</summary>
    /// <param name="graph">The complete graph of n points.</param>
    /// <param name="images">The set.</param>
    /// <param name="network">The perceptron.</param>
    /// <returns>A model from [rows × n] to θ [rows × n(n − 1)/2], with the parameters of the perceptron.</returns>
    let pairs (graph: Graph) (images: LabelledImages) (network: Model) : Model =
        let apply (numbers: float[,]) : Differentiable<float[], float[,]> =
            let indices = numbers |> Seq.cast<float> |> Seq.map int |> Seq.toArray

            network.Apply(FashionImages.pixels indices images)
            >-> PointForest.similarities graph

        { network with
            Form = ModelForm.Own
            InputDimension = graph.Nodes
            OutputDimension = graph.Edges
            Apply = apply
        }

    /// <summary>The points of some images, in parts of a thousand.</summary>
    /// <param name="network">The perceptron.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="images">The set.</param>
    /// <param name="indices">The numbers of the images.</param>
    /// <returns>[indices × dimension].</returns>
    let embed (network: Model) (parameters: float[]) (images: LabelledImages) (indices: int[]) : float[,] =
        let points = Array2D.zeroCreate<float> indices.Length network.OutputDimension

        indices
        |> Array.chunkBySize 1000
        |> Array.iteri (fun part chunk ->
            let values = network |> Model.predict parameters (FashionImages.pixels chunk images)
            Array2D.blit values 0 0 points (1000 * part) 0 chunk.Length network.OutputDimension)

        points
