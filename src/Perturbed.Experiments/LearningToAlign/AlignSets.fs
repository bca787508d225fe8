namespace Perturbed.Experiments

open Perturbed.Functional

/// The pairs of a fold under one key, the same for all methods.
type AlignSets =
    {
        Kind: AlignmentKind
        /// Pairs to learn from; those without matches last.
        Train: SequencePair[]
        Validation: SequencePair[]
        /// Pairs of the families that nothing else has seen.
        Test: SequencePair[]
        /// Each test pair with its second sequence shuffled.
        Shuffled: SequencePair[]
        /// Pairs of two test families.
        Unrelated: SequencePair[]
        /// The gap costs with the best mean F1 of BLOSUM62 on the related pairs of training and validation.
        Gaps: GapCosts
    }

/// Pairs, the alignments of scores, and the baseline's gap costs.
[<RequireQualifiedAccess>]
module AlignSets =

    /// <summary>The best alignment under some scores.</summary>
    /// <param name="kind">Local or global.</param>
    /// <param name="pair">The sequences.</param>
    /// <param name="theta">3·n·m scores.</param>
    /// <returns>Its pairs, and its score.</returns>
    let align (kind: AlignmentKind) (pair: SequencePair) (theta: float[]) : (int * int)[] * float =
        let n, m = pair.First.Length, pair.Second.Length

        let oracle =
            match kind with
            | AlignmentKind.Global -> Oracle.alignment n m
            | _ -> Oracle.localAlignment n m

        let y = oracle |> Oracle.solve theta

        Alignment.pairs n m y |> Array.map (fun struct (i, j) -> i, j),
        Array.fold2 (fun sum a b -> sum + a * b) 0.0 theta y

    let private meanF1 (kind: AlignmentKind) (pairs: SequencePair[]) (gaps: GapCosts) : float =
        pairs
        |> Array.averageBy (fun pair ->
            AlignmentMetrics.f1 0 pair.Matches (fst (align kind pair (PairModel.fixedScores gaps pair))))

    /// <summary>Draws the pairs of a fold, and tunes the gap costs.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="kind">Local or global.</param>
    /// <param name="fold">The tested group of families; the next one is for validation.</param>
    /// <param name="key">Draws them.</param>
    /// <returns>The pairs.</returns>
    let create (settings: AlignSettings) (kind: AlignmentKind) (fold: int) (key: Key) : AlignSets =
        let isLocal = kind = AlignmentKind.Local

        let group (number: int) =
            ProteinFamilies.groups[(fold + number) % ProteinFamilies.groups.Length]
            |> Array.map (ProteinFamilies.load settings.Directory)

        let related (count: int) (stream: int) (families: ProteinFamily[]) =
            [|
                for f in 0 .. families.Length - 1 do
                    for p in 0 .. count - 1 do
                        SequencePair.related isLocal families[f] (key |> Key.fold stream |> Key.fold f |> Key.fold p)
            |]

        let unrelated (count: int) (stream: int) (families: ProteinFamily[]) =
            [|
                for p in 0 .. count - 1 do
                    let key = key |> Key.fold stream |> Key.fold p
                    let order = Permutation.create families.Length (Key.fold 0 key)
                    SequencePair.unrelated families[order[0]] families[order[1]] (Key.fold 1 key)
            |]

        let test, validation = group 0, group 1
        let training = Array.append (group 2) (group 3)
        let trainPairs = related settings.TrainPairs 0 training
        let validationPairs = related settings.ValidationPairs 1 validation
        let testPairs = related settings.TestPairs 2 test
        let known = Array.append trainPairs validationPairs

        {
            Kind = kind
            Train =
                if isLocal then
                    Array.append trainPairs (unrelated settings.UnrelatedPairs 3 training)
                else
                    trainPairs
            Validation = validationPairs
            Test = testPairs
            Shuffled =
                testPairs
                |> Array.mapi (fun i pair -> SequencePair.shuffled (key |> Key.fold 4 |> Key.fold i) pair)
            Unrelated = unrelated testPairs.Length 5 test
            Gaps = AlignSettings.gaps |> List.maxBy (meanF1 kind known)
        }
