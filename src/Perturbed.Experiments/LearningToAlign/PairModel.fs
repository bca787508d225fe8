namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// What a gap costs: its first letter, and each further one.
[<Struct>]
type GapCosts = { Opening: float; Extension: float }

/// <summary>The model of alignment scores: BLOSUM62 and fixed gaps, and what one small network adds to substitution,
/// opening and extension in each cell.</summary>
/// <remarks>A row of inputs is the number of a pair in its set. θ is as long as the longest pair needs; a shorter one
/// uses the first 3·n·m entries.</remarks>
[<RequireQualifiedAccess>]
module PairModel =

    /// The numbers that a network gives for a cell.
    [<Literal>]
    let Outputs = 3

    /// <summary>A perceptron whose last layer starts at 0, so that training starts from the scores it adds
    /// to.</summary>
    /// <param name="hidden">The widths of the hidden layers; none for an affine network.</param>
    /// <returns>A model of cells.</returns>
    let network (hidden: int[]) : Model =
        let network =
            Perceptron.model 1 (Array.concat [ [| CellFeatures.count |]; hidden; [| Outputs |] ])

        let last =
            Outputs
            * (1
               + (if hidden.Length = 0 then
                      CellFeatures.count
                  else
                      Array.last hidden))

        let start (key: Key) =
            let parameters = network.Initial key
            Array.fill parameters (parameters.Length - last) last 0.0
            parameters

        network |> Model.withInitial start

    /// <summary>θ of BLOSUM62 with fixed gaps.</summary>
    /// <param name="gaps">The costs of gaps.</param>
    /// <param name="pair">The sequences, of n and m letters.</param>
    /// <returns>3·n·m numbers.</returns>
    let fixedScores (gaps: GapCosts) (pair: SequencePair) : float[] =
        let substitution a b =
            AminoAcids.blosum62 (AminoAcids.index a) (AminoAcids.index b)

        Alignment.scores substitution -gaps.Opening -gaps.Extension pair.First pair.Second

    /// <summary>θ of a pair.</summary>
    /// <param name="network">The network.</param>
    /// <param name="gaps">The costs of gaps that it adds to.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="pair">The sequences.</param>
    /// <returns>3·n·m numbers.</returns>
    let theta (network: Model) (gaps: GapCosts) (parameters: float[]) (pair: SequencePair) : float[] =
        let scores = fixedScores gaps pair
        let cells = scores.Length / 3

        let added =
            network
            |> Model.predict parameters (CellFeatures.ofCells pair (Array.init cells id))

        for at in 0 .. scores.Length - 1 do
            scores[at] <- scores[at] + added[at % cells, at / cells]

        scores

    // The gradient of the parameters through the cells that have one: few of them, those that a target or a perturbed
    // alignment passes.
    let private pullback (network: Model) (parameters: float[]) (pair: SequencePair) (cotangent: float[]) : float[] =
        let cells = pair.First.Length * pair.Second.Length

        let touched =
            [|
                for cell in 0 .. cells - 1 do
                    if
                        cotangent[cell] <> 0.0
                        || cotangent[cells + cell] <> 0.0
                        || cotangent[2 * cells + cell] <> 0.0
                    then
                        cell
            |]

        if touched.Length = 0 then
            Array.zeroCreate network.ParameterCount
        else
            let _, back = network.Apply (CellFeatures.ofCells pair touched) parameters
            back (Array2D.init touched.Length Outputs (fun row plane -> cotangent[plane * cells + touched[row]]))

    /// <summary>The model of a set of pairs.</summary>
    /// <param name="network">The network of a cell.</param>
    /// <param name="gaps">The costs of gaps that it adds to.</param>
    /// <param name="dimension">Columns of Θ.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns>A model from numbers of pairs [rows × 1] to θ [rows × dimension].</returns>
    let create (network: Model) (gaps: GapCosts) (dimension: int) (pairs: SequencePair[]) : Model =
        let apply (numbers: float[,]) =
            let chosen =
                Array.init (Array2D.length1 numbers) (fun r -> pairs[int numbers[r, 0]])

            fun (parameters: float[]) ->
                let parameters = Array.copy parameters
                let all = Array2D.zeroCreate<float> chosen.Length dimension

                chosen
                |> Array.iteri (fun r pair ->
                    let scores = theta network gaps parameters pair
                    Buffer.BlockCopy(scores, 0, all, 8 * r * dimension, 8 * scores.Length))

                let back (cotangent: float[,]) =
                    chosen
                    |> Array.mapi (fun r pair -> pullback network parameters pair cotangent[r, *])
                    |> Array.fold (Array.map2 (+)) (Array.zeroCreate network.ParameterCount)

                all, back

        { network with
            Form = ModelForm.Own
            InputDimension = 1
            OutputDimension = dimension
            Apply = apply
        }
