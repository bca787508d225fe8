namespace Perturbed.Experiments

open Perturbed.Functional

/// What a task knows of the training images, for a key.
type KnownImages =
    {
        /// The images whose class is known.
        Labelled: int[]
        /// The images without a class; none where all are labelled.
        Unlabelled: int[]
        /// The classes that training batches have, and those of test batches.
        TrainClasses: int[]
        TestClasses: int[]
    }

/// Batches of images for training and test, and the constraints of the former.
[<RequireQualifiedAccess>]
module LinkedBatches =

    // Numbers drawn uniformly from 0 .. below − 1.
    let private drawn (count: int) (below: int) (key: Key) : int[] =
        let z = Noise.logistic |> Noise.sample (max 1 count) 1 key
        // The distribution function of the noise makes it uniform.
        Array.init count (fun i -> min (below - 1) (int (float below / (1.0 + exp -z[0, i]))))

    let private shuffled (values: int[]) (key: Key) : int[] =
        let z = Noise.gaussian |> Noise.sample values.Length 1 key
        values |> Array.indexed |> Array.sortBy (fun (i, _) -> z[0, i]) |> Array.map snd

    /// <summary>What a task knows.</summary>
    /// <param name="settings">How many images train.</param>
    /// <param name="task">The task.</param>
    /// <param name="key">The key of the labelled images and of the unseen classes.</param>
    /// <param name="images">The training file.</param>
    /// <returns>Numbers of images among the first ones of the file, and classes.</returns>
    let known (settings: ClusteringSettings) (task: ClusterTask) (key: Key) (images: LabelledImages) : KnownImages =
        let all = [| 0 .. settings.Train - 1 |]
        let classes = [| 0 .. FashionImages.Classes - 1 |]

        match task with
        | ClusterTask.AllLabels ->
            {
                Labelled = all
                Unlabelled = [||]
                TrainClasses = classes
                TestClasses = classes
            }
        | ClusterTask.FewLabels count ->
            let order = shuffled all key

            let labelled =
                classes
                |> Array.collect (fun c ->
                    order |> Array.filter (fun i -> images.Labels[i] = c) |> Array.truncate count)

            {
                Labelled = labelled
                Unlabelled = all |> Array.except labelled
                TrainClasses = classes
                TestClasses = classes
            }
        | ClusterTask.UnseenClasses ->
            let unseen = Array.truncate 3 (shuffled classes key) |> Array.sort
            let seen = Array.except unseen classes

            {
                Labelled = all |> Array.filter (fun i -> Array.contains images.Labels[i] seen)
                Unlabelled = [||]
                TrainClasses = seen
                TestClasses = unseen
            }

    /// <summary>Training batches: their images, and what is known of them as an oracle of constrained forests for each
    /// batch.</summary>
    /// <param name="settings">The sizes.</param>
    /// <param name="known">What is known.</param>
    /// <param name="key">The key of the batches.</param>
    /// <param name="images">The training file.</param>
    /// <returns>Examples with the numbers of images as inputs [batches × points], and the oracle of the instances, of as
    /// many trees as there are classes.</returns>
    let training
        (settings: ClusteringSettings)
        (known: KnownImages)
        (key: Key)
        (images: LabelledImages)
        : Examples * Oracle =
        let n = settings.Points
        let labelled = if known.Unlabelled.Length = 0 then n else n / 2

        let byClass =
            known.TrainClasses
            |> Array.map (fun c -> known.Labelled |> Array.filter (fun i -> images.Labels[i] = c))

        let batches =
            Array.init settings.Batches (fun b ->
                let key = Key.fold b key

                let some count (from: int[]) key =
                    drawn count from.Length key |> Array.map (fun i -> from[i])

                if known.Unlabelled.Length = 0 then
                    // Every class in turn: with one that is absent there would be fewer groups than trees.
                    let picked = drawn n 1_000_000 (Key.fold 0 key)

                    Array.init n (fun i ->
                        let among = byClass[i % byClass.Length]
                        among[picked[i] % among.Length])
                else
                    Array.append
                        (some labelled known.Labelled (Key.fold 0 key))
                        (some (n - labelled) known.Unlabelled (Key.fold 1 key)))

        let graph = Graph.Complete n

        let restricted =
            batches
            |> Array.map (fun batch ->
                let labels =
                    batch
                    |> Array.mapi (fun i image -> if i < labelled then images.Labels[image] else -1)

                Oracle.constrainedForest (LinkConstraints.OfLabels labels) known.TrainClasses.Length graph)
            |> Oracle.perInstance

        let inputs = Array2D.init batches.Length n (fun b i -> float (batches[b][i]))
        Examples.create inputs (Array2D.zeroCreate batches.Length 1), restricted

    /// <summary>Batches to score on: images of the given classes, none twice.</summary>
    /// <param name="count">How many batches; fewer where images run out.</param>
    /// <param name="points">Images of a batch.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="key">The key of the order.</param>
    /// <param name="among">The numbers of the images to draw from.</param>
    /// <param name="images">The set.</param>
    /// <returns>The numbers of the images of each batch.</returns>
    let scoring
        (count: int)
        (points: int)
        (classes: int[])
        (key: Key)
        (among: int[])
        (images: LabelledImages)
        : int[][] =
        shuffled (among |> Array.filter (fun i -> Array.contains images.Labels[i] classes)) key
        |> Array.chunkBySize points
        |> Array.filter (fun batch -> batch.Length = points)
        |> Array.truncate count
