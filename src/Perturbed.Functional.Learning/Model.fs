namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// Models: linear, affine, one weight vector shared by all labels, and a model followed by any differentiable map.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Model =

    let private zero (count: int) : Key -> float[] = fun _ -> Array.zeroCreate count

    /// W [p × d], then the offset b [d] where there is one.
    let private dense (inputs: int) (outputs: int) (withOffset: bool) : Model =
        Check.positiveInt (nameof inputs) inputs
        Check.positiveInt (nameof outputs) outputs
        let rows = int64 inputs + (if withOffset then 1L else 0L)
        let count = Sizes.Product(nameof inputs, "The parameters", rows, int64 outputs)
        let weights = inputs * outputs

        {
            Form = if withOffset then ModelForm.Affine else ModelForm.Linear
            InputDimension = inputs
            OutputDimension = outputs
            ParameterCount = count
            Initial = zero count
            Apply =
                fun x ->
                    ModelShapes.inputs x inputs
                    let rows = Array2D.length1 x

                    fun parameters ->
                        ModelShapes.parameters parameters count
                        let theta = Array2D.zeroCreate<float> rows outputs

                        Dense.Multiply(
                            Dense.AsSpan x,
                            ReadOnlySpan(parameters, 0, weights),
                            Dense.AsSpan theta,
                            rows,
                            inputs,
                            outputs
                        )

                        if withOffset then
                            let offset = ReadOnlySpan(parameters, weights, outputs)

                            for r in 0 .. rows - 1 do
                                let row = Dense.AsSpan(theta).Slice(r * outputs, outputs)
                                TensorPrimitives.Add<float>(row, offset, row)

                        let pullback (cotangent: float[,]) : float[] =
                            ModelShapes.cotangent cotangent rows outputs
                            let back = Array.zeroCreate<float> count

                            Dense.TransposeMultiply(
                                Dense.AsSpan x,
                                Dense.AsSpan cotangent,
                                Span(back, 0, weights),
                                inputs,
                                rows,
                                outputs
                            )

                            if withOffset then
                                let offset = Span(back, weights, outputs)

                                for r in 0 .. rows - 1 do
                                    TensorPrimitives.Add<float>(
                                        offset,
                                        Dense.AsSpan(cotangent).Slice(r * outputs, outputs),
                                        offset
                                    )

                            back

                        theta, pullback
        }

    /// <summary>The linear model θ = xᵀ W; parameters are W [inputs × outputs], row by row, and start at
    /// zero.</summary>
    /// <param name="inputs">Number of features p, at least 1.</param>
    /// <param name="outputs">Dimension d of θ, at least 1.</param>
    /// <returns>A model with p·d parameters; O(rows · p · d) a value and a pullback.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A dimension is below 1.</exception>
    let linear (inputs: int) (outputs: int) : Model = dense inputs outputs false

    /// <summary>The affine model θ = xᵀ W + b; parameters are W [inputs × outputs], row by row, then b, and start at
    /// zero.</summary>
    /// <param name="inputs">Number of features p, at least 1.</param>
    /// <param name="outputs">Dimension d of θ, at least 1.</param>
    /// <returns>A model with (p + 1)·d parameters; O(rows · p · d) a value and a pullback.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A dimension is below 1.</exception>
    /// <example><code>
    /// // θ = W x + b; the parameters are W and then b.
    /// let model = Model.affine 2 1
    /// model |> Model.predict [| 2.0; -1.0; 0.5 |] (array2D [ [ 1.0; 1.0 ] ]) // [[1.5]]
    /// </code></example>
    let affine (inputs: int) (outputs: int) : Model = dense inputs outputs true

    /// <summary>
    /// One weight vector for all labels, θ_l = ⟨x_l, w⟩: each label has its own p features, laid side by side in a row
    /// of the batch [rows × (labels · p)]. The model of the paper's artificial rankings (section 5.2), θ_i = X_i w.
    /// Starts at zero.
    /// </summary>
    /// <param name="labels">Number of labels d, at least 1.</param>
    /// <param name="features">Number of features p of each label, at least 1.</param>
    /// <returns>A model with p parameters, labels · p inputs and d outputs; O(rows · d · p).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A dimension is below 1.</exception>
    let shared (labels: int) (features: int) : Model =
        Check.positiveInt (nameof labels) labels
        Check.positiveInt (nameof features) features

        {
            Form = ModelForm.Shared
            InputDimension = Sizes.Product(nameof features, "The inputs of a row", int64 labels, int64 features)
            OutputDimension = labels
            ParameterCount = features
            Initial = zero features
            Apply =
                fun x ->
                    ModelShapes.inputs x (labels * features)
                    let rows = Array2D.length1 x

                    fun parameters ->
                        ModelShapes.parameters parameters features
                        let theta = Array2D.zeroCreate<float> rows labels

                        Dense.MultiplyTranspose(
                            Dense.AsSpan x,
                            parameters,
                            Dense.AsSpan theta,
                            rows * labels,
                            features,
                            1
                        )

                        let pullback (cotangent: float[,]) : float[] =
                            ModelShapes.cotangent cotangent rows labels
                            let back = Array.zeroCreate<float> features

                            Dense.Multiply(Dense.AsSpan cotangent, Dense.AsSpan x, back, 1, rows * labels, features)

                            back

                        theta, pullback
        }

    /// <summary>The model with other parameters to start from.</summary>
    /// <param name="initial">From a key to a vector of the model's ParameterCount.</param>
    /// <param name="model">The model.</param>
    /// <returns>A model equal to <paramref name="model"/> but for its start.</returns>
    let withInitial (initial: Key -> float[]) (model: Model) : Model = { model with Initial = initial }

    /// <summary>The model started at independent normals with mean 0, where zero is a saddle or a tie.</summary>
    /// <param name="deviation">The standard deviation, positive.</param>
    /// <param name="model">The model.</param>
    /// <returns>A model equal to <paramref name="model"/> but for its start.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="deviation"/> is not positive and
    /// finite.</exception>
    let withNormalInitial (deviation: float) (model: Model) : Model =
        Check.positive (nameof deviation) deviation

        { model with
            Initial = fun key -> Draw.normals model.ParameterCount key |> Array.map (fun z -> deviation * z)
        }

    /// <summary>The model followed by a differentiable map of Θ, such as a smoothed operator or
    /// <c>Differentiable.rows</c> of one.</summary>
    /// <param name="outputs">Columns of the map's value, at least 1.</param>
    /// <param name="map">From Θ [rows × OutputDimension] to [rows × outputs].</param>
    /// <param name="model">The model.</param>
    /// <returns>The composition <c>Apply x &gt;-&gt; map</c>, with the parameters of <paramref
    /// name="model"/>.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="outputs"/> is below 1.</exception>
    let compose (outputs: int) (map: Differentiable<float[,], float[,]>) (model: Model) : Model =
        Check.positiveInt (nameof outputs) outputs

        { model with
            Form = ModelForm.Own
            OutputDimension = outputs
            Apply = fun x -> model.Apply x >-> map
        }

    /// <summary>Θ of a batch of inputs.</summary>
    /// <param name="parameters">w, of the model's ParameterCount.</param>
    /// <param name="inputs">X, [rows × InputDimension], finite.</param>
    /// <param name="model">The model.</param>
    /// <returns>Θ, [rows × OutputDimension].</returns>
    /// <exception cref="T:System.ArgumentException">A shape disagrees with the model, or a number is not finite: the
    /// message names its row and column.</exception>
    let predict (parameters: float[]) (inputs: float[,]) (model: Model) : float[,] =
        Check.finiteVector (nameof parameters) parameters
        Check.finiteMatrix (nameof inputs) inputs
        model.Apply inputs |> Differentiable.apply parameters

    /// <summary>Writes a model with its parameters and all that it needs to predict: path, in JSON, and beside it the
    /// parameters, path with .npy in place of .json.</summary>
    /// <remarks>
    /// Both files are written under temporary names, flushed to the disk and then renamed. JSON has the hash of the
    /// parameters' file, so that two files that do not belong together, as after a failure between the two renames,
    /// are an error of <c>load</c>. docs/guide.md reads them in 20 lines of Python.
    /// </remarks>
    /// <param name="path">A path that ends in .json, in a directory that is there.</param>
    /// <param name="saved">The model, not of <c>ModelForm.Own</c>, with finite parameters.</param>
    /// <exception cref="T:System.ArgumentException">Another ending, a model of one's own, or numbers that do not fit
    /// the model or are not finite.</exception>
    /// <exception cref="T:System.IO.IOException">A file cannot be written; what was there before is
    /// untouched.</exception>
    let save (path: string) (saved: SavedModel) : unit = ModelFile.save path saved

    /// <summary>Reads a model that <c>save</c> wrote.</summary>
    /// <param name="path">The file in JSON; that of the parameters lies beside it.</param>
    /// <returns>The model, which starts a training like a new one of its form, with the bits of its parameters and
    /// scaling. A perceptron uses all processors.</returns>
    /// <exception cref="T:System.ArgumentException">The path does not end in .json.</exception>
    /// <exception cref="T:System.IO.IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is cut short, of another format or version, or has a
    /// number that is not finite or does not fit: the message names the file, what was found and what was
    /// expected.</exception>
    let load (path: string) : SavedModel =
        ModelFile.load
            (fun form inputs outputs ->
                match form with
                | ModelForm.Linear -> linear inputs outputs
                | ModelForm.Affine -> affine inputs outputs
                | ModelForm.Shared -> shared outputs (inputs / outputs)
                | ModelForm.Perceptron hidden ->
                    Perceptron.model Environment.ProcessorCount [| inputs; yield! hidden; outputs |]
                | ModelForm.Own -> invalidOp "No file has a model of one's own.")
            path
