namespace Perturbed.Experiments

open System.IO
open Perturbed.Functional

/// How alignment scores are learned: nothing, or by a network under a noise scale.
[<RequireQualifiedAccess>]
type AlignMethod =
    /// BLOSUM62 with the gap costs that do best on the pairs of training and validation.
    | Tuned
    /// An affine function of the features of a cell.
    | Affine of epsilon: float
    /// A perceptron with one hidden layer.
    | Perceptron of epsilon: float

/// Settings of learning to align.
type AlignSettings =
    {
        Directory: string
        Digest: string
        /// How many keys: sets of pairs, starts and noise.
        Keys: int
        /// Which groups of families are tested.
        Folds: int[]
        /// Related pairs of each family in training, validation and test.
        TrainPairs: int
        ValidationPairs: int
        TestPairs: int
        /// Pairs of two training families, whose local alignment is empty; not in global alignments.
        UnrelatedPairs: int
        Hidden: int
        Epochs: int
        BatchSize: int
        LearningRate: float
        Samples: int
        Key: Key
    }

/// The settings, which were decided before the first run that tested anything.
[<RequireQualifiedAccess>]
module AlignSettings =

    /// The kinds of alignments.
    let kinds: (string * AlignmentKind) list =
        [ "local", AlignmentKind.Local; "global", AlignmentKind.Global ]

    // In half bits, the unit of BLOSUM62.
    let private scales = [ 0.5; 1.0 ]

    /// <summary>The methods; of those with the same name the one with the best F1 on the validation families is
    /// reported.</summary>
    /// <param name="kind">Local or global.</param>
    /// <returns>The baseline first.</returns>
    let methods (kind: AlignmentKind) : AlignMethod list =
        [
            AlignMethod.Tuned

            if kind = AlignmentKind.Local then
                for epsilon in scales do
                    AlignMethod.Affine epsilon

            for epsilon in scales do
                AlignMethod.Perceptron epsilon
        ]

    /// The gap costs that the baseline is tuned over.
    let gaps: GapCosts list =
        [
            for opening in [ 6.0; 8.0; 10.0; 12.0; 14.0; 16.0 ] do
                for extension in [ 0.5; 1.0; 2.0 ] ->
                    {
                        Opening = opening
                        Extension = extension
                    }
        ]

    /// <summary>The name of a method in tables.</summary>
    /// <param name="method">The method.</param>
    /// <returns>A name, without the noise scale.</returns>
    let nameOf (method: AlignMethod) : string =
        match method with
        | AlignMethod.Tuned -> "BLOSUM62, tuned gaps"
        | AlignMethod.Affine _ -> "affine"
        | AlignMethod.Perceptron _ -> "perceptron"

    /// <summary>A method as JSON.</summary>
    /// <param name="method">The method.</param>
    /// <returns>An object.</returns>
    let methodJson (method: AlignMethod) : Json =
        Json.Object
            [
                "method", Json.Text(nameOf method)
                match method with
                | AlignMethod.Tuned -> ()
                | AlignMethod.Affine epsilon
                | AlignMethod.Perceptron epsilon -> "epsilon", Json.Number epsilon
            ]

    /// <summary>The settings of a request.</summary>
    /// <param name="request">Quick or not, the key, the directory of the families.</param>
    /// <returns>The settings; the files are read for their digest.</returns>
    let ofRequest (request: ExperimentRequest) : AlignSettings =
        let directory = defaultArg request.Data ProteinFamilies.directory

        if not (Directory.Exists directory) then
            Input.fail
                $"{directory}: there is no such directory; the seed alignments of eight Pfam families were expected there. \
                  --data DIRECTORY says where they are."

        let isQuick = request.IsQuick

        {
            Directory = directory
            Digest = ProteinFamilies.digest directory
            Keys = if isQuick then 1 else 5
            Folds = if isQuick then [| 0 |] else [| 0..3 |]
            TrainPairs = if isQuick then 16 else 40
            ValidationPairs = if isQuick then 10 else 30
            TestPairs = if isQuick then 10 else 40
            UnrelatedPairs = if isQuick then 16 else 40
            Hidden = 32
            Epochs = if isQuick then 2 else 6
            BatchSize = 4
            LearningRate = 3e-3
            Samples = 8
            Key = Key.create request.Key
        }

    /// <summary>What decides the numbers, as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: AlignSettings) : Json =
        let integer (value: int) = Json.Integer(int64 value)

        Json.Object
            [
                "families", Json.Text settings.Digest
                "groups",
                ProteinFamilies.groups
                |> Seq.map (Seq.map Json.Text >> Json.Array)
                |> Json.Array
                "keys", integer settings.Keys
                "folds", settings.Folds |> Seq.map integer |> Json.Array
                "trainPairs", integer settings.TrainPairs
                "validationPairs", integer settings.ValidationPairs
                "testPairs", integer settings.TestPairs
                "unrelatedPairs", integer settings.UnrelatedPairs
                "hidden", integer settings.Hidden
                "epochs", integer settings.Epochs
                "batchSize", integer settings.BatchSize
                "optimizer", Json.Text "Adam"
                "learningRate", Json.Number settings.LearningRate
                "samples", integer settings.Samples
            ]
