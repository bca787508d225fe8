namespace Perturbed.Functional

/// What a model computes, in a form that a file can store.
[<RequireQualifiedAccess>]
type ModelForm =
    /// θ = xᵀ W.
    | Linear
    /// θ = xᵀ W + b.
    | Affine
    /// One weight vector for the features of each label, θ_l = ⟨x_l, w⟩.
    | Shared
    /// Dense layers with rectifiers between them, and the widths of the hidden ones.
    | Perceptron of hidden: int[]
    /// A model of one's own, or one that is followed by a map.
    | Own

/// <summary>A model θ = g_w(x): from a batch of inputs, the differentiable map from the parameters w, one flat vector,
/// to the batch of θ.</summary>
/// <remarks>Any record of this shape is a model, and every optimizer serves every model.</remarks>
type Model =
    {
        /// <summary>What it computes; <c>ModelForm.Own</c> for a model of one's own.</summary>
        Form: ModelForm
        /// <summary>Columns of the batch of inputs X.</summary>
        InputDimension: int
        /// <summary>Columns of the batch Θ.</summary>
        OutputDimension: int
        /// <summary>Length of the parameter vector w.</summary>
        ParameterCount: int
        /// <summary>The parameters to start from, for a key.</summary>
        Initial: Key -> float[]
        /// <summary>X [rows × inputs] ↦ (w ↦ Θ [rows × outputs], with the pullback Θ̄ ↦ w̄). It must keep no reference
        /// to w, and none to X beyond the pullback: training writes the inputs of the next step into the same
        /// array.</summary>
        Apply: float[,] -> Differentiable<float[], float[,]>
    }

/// The checks that models share.
module internal ModelShapes =

    let private shape (m: float[,]) : string =
        $"[{Array2D.length1 m} × {Array2D.length2 m}]"

    let inputs (inputs: float[,]) (columns: int) : unit =
        Check.notNull (nameof inputs) inputs

        if Array2D.length2 inputs <> columns then
            invalidArg (nameof inputs) $"inputs is {shape inputs}; the model takes {columns} columns."

    let cotangent (cotangent: float[,]) (rows: int) (columns: int) : unit =
        Check.notNull (nameof cotangent) cotangent

        if Array2D.length1 cotangent <> rows || Array2D.length2 cotangent <> columns then
            invalidArg (nameof cotangent) $"cotangent is {shape cotangent}; the value is [{rows} × {columns}]."

    let parameters (parameters: float[]) (count: int) : unit =
        Check.notNull (nameof parameters) parameters
        Check.length (nameof parameters) parameters.Length count "the model's ParameterCount"
