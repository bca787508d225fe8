namespace Perturbed.Functional

open System

/// The oracle that a model's θ is for.
type OracleDescription =
    {
        /// Its name.
        Name: string
        /// The dimension d of θ.
        Dimension: int
    }

/// <summary>A model with its parameters, and what else it needs to predict: what <c>Model.save</c> writes and
/// <c>Model.load</c> reads.</summary>
type SavedModel =
    {
        /// The model.
        Model: Model
        /// w, of the model's ParameterCount, finite.
        Parameters: float[]
        /// The scaling of the inputs that the parameters were trained on; none where they were trained on the inputs
        /// as they are.
        Standardisation: Standardisation option
        /// The oracle that θ is for, where it was told.
        Oracle: OracleDescription option
    }

/// Models with their parameters, as files keep them.
[<RequireQualifiedAccess>]
module SavedModel =

    // What every constructor and Model.save ask for.
    let internal check (saved: SavedModel) : unit =
        ModelShapes.parameters saved.Parameters saved.Model.ParameterCount
        Check.finiteVector "parameters" saved.Parameters

        match saved.Standardisation with
        | Some standardisation ->
            for name, values in [ "mean", standardisation.Mean; "deviation", standardisation.Deviation ] do
                Check.finiteVector $"standardisation.{name}" values

                Check.length
                    $"standardisation.{name}"
                    values.Length
                    saved.Model.InputDimension
                    "the model's InputDimension"

            standardisation.Deviation
            |> Array.iteri (fun i deviation ->
                if deviation < 0.0 then
                    invalidArg
                        "standardisation"
                        $"standardisation.deviation[{i}] is {deviation}; it must be at least 0.")
        | None -> ()

        match saved.Oracle with
        | Some oracle when oracle.Dimension <> saved.Model.OutputDimension ->
            invalidArg
                "oracle"
                $"oracle '{oracle.Name}' has dimension {oracle.Dimension}; the model's OutputDimension is {saved.Model.OutputDimension}."
        | _ -> ()

    let private checkedCopy (saved: SavedModel) : SavedModel =
        check saved
        saved

    /// <summary>A model with its parameters, for inputs as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">w, of the model's ParameterCount, finite; copied.</param>
    /// <returns>What <c>Model.save</c> writes.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of parameters, or one that is not
    /// finite.</exception>
    let create (model: Model) (parameters: float[]) : SavedModel =
        Check.notNull (nameof parameters) parameters

        checkedCopy
            {
                Model = model
                Parameters = Array.copy parameters
                Standardisation = None
                Oracle = None
            }

    /// <summary>The same model for inputs that are to be scaled first, as the training set was.</summary>
    /// <param name="standardisation">From <c>Standardisation.fit</c> on the training set.</param>
    /// <param name="saved">The model.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of columns than the model has inputs, or a number
    /// that is not finite.</exception>
    let withStandardisation (standardisation: Standardisation) (saved: SavedModel) : SavedModel =
        checkedCopy
            { saved with
                Standardisation = Some standardisation
            }

    /// <summary>The same model with the name and the dimension of the oracle that its θ is for.</summary>
    /// <param name="oracle">The oracle, of the model's OutputDimension.</param>
    /// <param name="saved">The model.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">The oracle has another dimension.</exception>
    let withOracle (oracle: Oracle) (saved: SavedModel) : SavedModel =
        Check.notNull (nameof oracle) oracle

        checkedCopy
            { saved with
                Oracle =
                    Some
                        {
                            Name = oracle.Name
                            Dimension = oracle.Dimension
                        }
            }

    /// <summary>Θ of a batch of inputs, which are scaled first where the model says so.</summary>
    /// <param name="inputs">X, [rows × InputDimension], finite, as they were measured.</param>
    /// <param name="saved">The model.</param>
    /// <returns>Θ, [rows × OutputDimension].</returns>
    /// <exception cref="T:System.ArgumentException">A shape disagrees with the model, or a number is not finite: the
    /// message names its row and column.</exception>
    let predict (inputs: float[,]) (saved: SavedModel) : float[,] =
        Check.finiteMatrix (nameof inputs) inputs

        let scaled =
            match saved.Standardisation with
            | Some standardisation -> Standardisation.apply standardisation inputs
            | None -> inputs

        saved.Model.Apply scaled |> Differentiable.apply saved.Parameters
