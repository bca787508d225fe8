namespace Perturbed.Functional

open Perturbed.Kernels

/// Examples to learn from: row i of the inputs goes with row i of the targets, with its weight and its instance,
/// wherever rows are taken, shuffled or folded.
type Examples =
    {
        /// X, [rows × features].
        Inputs: float[,]
        /// Y, [rows × dimension of y].
        Targets: float[,]
        /// <summary>How much each row counts, at least 0: 1 unless <c>Examples.withWeights</c> says otherwise. A row
        /// of weight 0 counts as absent.</summary>
        Weights: float[]
        /// The instance that each row is: its number in the set that was created, which it keeps; a loss solves it by
        /// the problem of that instance.
        Instances: int[]
    }

/// Sets of examples: construction with checks, and selection of rows.
[<RequireQualifiedAccess>]
module Examples =

    let private takeAll (name: string) (indices: int[]) (values: 'T[]) : 'T[] =
        indices
        |> Array.mapi (fun i r ->
            if r < 0 || r >= values.Length then
                invalidArg name $"{name}[{i}] is {r}; it must lie in 0 .. {values.Length - 1}."

            values[r])

    let private takeRowsInto (taken: float[,]) (name: string) (indices: int[]) (matrix: float[,]) : float[,] =
        let rows, columns = Array2D.length1 matrix, Array2D.length2 matrix

        for i in 0 .. indices.Length - 1 do
            let r = indices[i]

            if r < 0 || r >= rows then
                invalidArg name $"{name}[{i}] is {r}; it must lie in 0 .. {rows - 1}."

            Dense.AsSpan(matrix).Slice(r * columns, columns).CopyTo(Dense.AsSpan(taken).Slice(i * columns, columns))

        taken

    let private takeRows (name: string) (indices: int[]) (matrix: float[,]) : float[,] =
        let taken = Array2D.zeroCreate<float> indices.Length (Array2D.length2 matrix)
        takeRowsInto taken name indices matrix

    let private checkRows (examples: Examples) : unit =
        Check.finiteMatrix "inputs" examples.Inputs
        Check.finiteMatrix "targets" examples.Targets
        let rows = Array2D.length1 examples.Inputs

        if Array2D.length1 examples.Targets <> rows then
            invalidArg "targets" $"targets has {Array2D.length1 examples.Targets} rows; inputs has {rows}."

        BatchRows.check examples.Weights examples.Instances rows

    // The same set once its rows are known to go together.
    let internal checkedCopy (examples: Examples) : Examples =
        checkRows examples
        examples

    /// <summary>The examples with the given inputs and targets, each of weight 1, numbered as instances from
    /// 0.</summary>
    /// <param name="inputs">X, [rows × features], finite; not copied.</param>
    /// <param name="targets">Y, [rows × dimension], finite; not copied.</param>
    /// <returns>The set.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ, or an entry is not finite: the message
    /// names its row.</exception>
    let create (inputs: float[,]) (targets: float[,]) : Examples =
        Check.notNull (nameof inputs) inputs
        let rows = Array2D.length1 inputs

        checkedCopy
            {
                Inputs = inputs
                Targets = targets
                Weights = Array.create rows 1.0
                Instances = Array.init rows id
            }

    /// <summary>The examples with the given weights: a loss of a batch is Σ w_i l_i / Σ w_i over its rows, and an
    /// epoch's mean loss is weighted alike.</summary>
    /// <param name="weights">One a row, at least 0 and finite, not all 0; copied. Training leaves rows of weight 0
    /// out.</param>
    /// <param name="examples">The set.</param>
    /// <returns>The set with those weights.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of weights than rows, or a weight that is negative
    /// or not finite (the row is named), or all of them 0.</exception>
    let withWeights (weights: float[]) (examples: Examples) : Examples =
        Check.notNull (nameof weights) weights
        let rows = Array2D.length1 examples.Inputs
        BatchRows.check weights examples.Instances rows

        if rows > 0 && Array.forall (fun w -> w = 0.0) weights then
            invalidArg (nameof weights) "weights sums to 0; at least one row must have a positive weight."

        { examples with
            Weights = Array.copy weights
        }

    /// <summary>The examples as other instances: rows of a part of the data that was cut out by other means than
    /// <c>take</c>, or several rows of one instance.</summary>
    /// <param name="instances">One a row, at least 0; copied.</param>
    /// <param name="examples">The set.</param>
    /// <returns>The set with those instances.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of instances than rows, or a negative one (the row
    /// is named).</exception>
    let withInstances (instances: int[]) (examples: Examples) : Examples =
        Check.notNull (nameof instances) instances
        BatchRows.check examples.Weights instances (Array2D.length1 examples.Inputs)

        { examples with
            Instances = Array.copy instances
        }

    /// <summary>The number of rows.</summary>
    /// <param name="examples">The set.</param>
    /// <returns>At least 0.</returns>
    let count (examples: Examples) : int = Array2D.length1 examples.Inputs

    // As take, with the inputs in an array of their shape that is there already.
    let internal takeInto (inputs: float[,]) (indices: int[]) (examples: Examples) : Examples =
        {
            Inputs = takeRowsInto inputs (nameof indices) indices examples.Inputs
            Targets = takeRows (nameof indices) indices examples.Targets
            Weights = takeAll (nameof indices) indices examples.Weights
            Instances = takeAll (nameof indices) indices examples.Instances
        }

    /// <summary>The rows with the given numbers, in the given order, each with its weight and its instance; a number
    /// may occur more than once.</summary>
    /// <param name="indices">Row numbers from 0.</param>
    /// <param name="examples">The set.</param>
    /// <returns>A copy of those rows.</returns>
    /// <exception cref="T:System.ArgumentException">A number is out of range.</exception>
    let take (indices: int[]) (examples: Examples) : Examples =
        Check.notNull (nameof indices) indices

        let inputs =
            Array2D.zeroCreate<float> indices.Length (Array2D.length2 examples.Inputs)

        examples |> takeInto inputs indices

    // The rows of positive weight.
    let internal ofPositiveWeight (examples: Examples) : Examples =
        if examples.Weights |> Array.forall (fun w -> w > 0.0) then
            examples
        else
            let rows = [| 0 .. count examples - 1 |]
            examples |> take (rows |> Array.filter (fun r -> examples.Weights[r] > 0.0))
