namespace Perturbed.Experiments

open System
open System.Threading
open Perturbed.Functional

/// Learning of classes by cross-entropy, beside the clustering: a perceptron on pixels, and a linear probe on points.
[<RequireQualifiedAccess>]
module ClassBaselines =

    let private targets (classes: int[]) (images: LabelledImages) (indices: int[]) : float[,] =
        Array2D.init indices.Length classes.Length (fun i c ->
            if images.Labels[indices[i]] = classes[c] then 1.0 else 0.0)

    let private steps (count: int) (batchSize: int) (rows: int) : int =
        max 1 (int (Math.Ceiling(float count * float batchSize / float rows)))

    let private train (cancellation: CancellationToken) (config: TrainingConfig) (model: Model) (examples: Examples) =
        let trained =
            examples
            |> Training.run
                { config with
                    Cancellation = cancellation
                }
                model
                Loss.crossEntropy

        cancellation.ThrowIfCancellationRequested()
        trained.Parameters

    let private largest (scores: float[]) : int = Array.IndexOf(scores, Array.max scores)

    /// <summary>The perceptron of the encoder's widths followed by a layer to the classes.</summary>
    /// <param name="threads">Threads of its products.</param>
    /// <param name="settings">The widths.</param>
    /// <param name="classes">The classes.</param>
    /// <returns>A model from pixels to scores.</returns>
    let network (threads: int) (settings: ClusteringSettings) (classes: int[]) : Model =
        ImageEncoder.network threads (Array.append settings.Hidden [| settings.Dimension |]) classes.Length

    /// <summary>Trains the perceptron on the images whose class is known, for as many steps of as many images as the
    /// encoder.</summary>
    /// <param name="context">Threads and cancellation.</param>
    /// <param name="settings">Widths, steps and rate.</param>
    /// <param name="known">What is known.</param>
    /// <param name="key">The key of start and order.</param>
    /// <param name="images">The training file.</param>
    /// <returns>The parameters of <c>network</c>.</returns>
    let classifier
        (context: PieceContext)
        (settings: ClusteringSettings)
        (known: KnownImages)
        (key: Key)
        (images: LabelledImages)
        : float[] =
        let network = network context.Threads settings known.TrainClasses

        let model =
            { network with
                Form = ModelForm.Own
                InputDimension = 1
                Apply =
                    fun numbers ->
                        let indices = numbers |> Seq.cast<float> |> Seq.map int |> Seq.toArray
                        network.Apply(FashionImages.pixels indices images)
            }

        let labelled = known.Labelled

        let epochs =
            steps (settings.Batches * settings.Epochs) settings.Points labelled.Length

        Examples.create
            (Array2D.init labelled.Length 1 (fun i _ -> float labelled[i]))
            (targets known.TrainClasses images labelled)
        |> train
            context.Cancellation
            (Training.config epochs settings.Points Optimizer.adam (Schedule.constant settings.ClassRate) key)
            model

    // Of the rate of a probe, the one with the highest accuracy on validation images.
    let private rates = [ 1e-3; 1e-2; 1e-1 ]

    /// <summary>Trains an affine model from points to classes, of three rates the one that is best on validation
    /// images.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="key">The key of start and order.</param>
    /// <param name="images">The training file.</param>
    /// <param name="embed">From images to points.</param>
    /// <param name="labelled">The images to learn from.</param>
    /// <param name="validation">The images to choose the rate on.</param>
    /// <returns>From points to places among the classes.</returns>
    let probe
        (cancellation: CancellationToken)
        (classes: int[])
        (key: Key)
        (images: LabelledImages)
        (embed: int[] -> float[,])
        (labelled: int[])
        (validation: int[])
        : float[,] -> int[] =
        let points = embed labelled
        let scaling = Standardisation.fit points

        let examples =
            Examples.create (Standardisation.apply scaling points) (targets classes images labelled)

        let model = Model.affine (Array2D.length2 points) classes.Length

        let predict (parameters: float[]) (points: float[,]) : int[] =
            let scores =
                model |> Model.predict parameters (Standardisation.apply scaling points)

            Array.init (Array2D.length1 scores) (fun i -> largest scores[i, *])

        let held =
            validation |> Array.filter (fun i -> Array.contains images.Labels[i] classes)

        let heldPoints = embed held

        let accuracy (parameters: float[]) : int =
            Array.map2
                (fun i place -> if images.Labels[i] = classes[place] then 1 else 0)
                held
                (predict parameters heldPoints)
            |> Array.sum

        rates
        |> List.map (fun rate ->
            let epochs = steps 1500 64 labelled.Length
            let config = Training.config epochs 64 Optimizer.adam (Schedule.constant rate) key
            train cancellation config model examples)
        |> List.maxBy accuracy
        |> predict

    /// <summary>The class of largest score.</summary>
    /// <param name="scores">[images × classes].</param>
    /// <returns>The place of each image's class.</returns>
    let decide (scores: float[,]) : int[] =
        Array.init (Array2D.length1 scores) (fun i -> largest scores[i, *])
