using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Model
{
    /// <summary>The linear model θ = xᵀ W; parameters are W [inputs × outputs], row by row, and start at
    /// zero.</summary>
    /// <param name="inputs">Number of features p, at least 1.</param>
    /// <param name="outputs">Dimension d of θ, at least 1.</param>
    /// <returns>A model with p·d parameters; O(rows · p · d) a value and a pullback.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    public static Model Linear(int inputs, int outputs) => new(ModelModule.linear(inputs, outputs));

    /// <summary>The affine model θ = xᵀ W + b; parameters are W [inputs × outputs], row by row, then b, and start at
    /// zero.</summary>
    /// <param name="inputs">Number of features p, at least 1.</param>
    /// <param name="outputs">Dimension d of θ, at least 1.</param>
    /// <returns>A model with (p + 1)·d parameters; O(rows · p · d) a value and a pullback.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    public static Model Affine(int inputs, int outputs) => new(ModelModule.affine(inputs, outputs));

    /// <summary>One weight vector for all labels, θ_l = ⟨x_l, w⟩: each label has its own p features, laid side by side
    /// in a row of the batch [rows × (labels · p)]. The model of the paper's artificial rankings (section 5.2), θ_i =
    /// X_i w. Starts at zero.</summary>
    /// <param name="labels">Number of labels d, at least 1.</param>
    /// <param name="features">Number of features p of each label, at least 1.</param>
    /// <returns>A model with p parameters, labels · p inputs and d outputs; O(rows · d · p).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    public static Model Shared(int labels, int features) => new(ModelModule.shared(labels, features));

    /// <summary>The multilayer perceptron: dense layers with a rectifier max(·, 0) between each and the next, on all
    /// processors.</summary>
    /// <param name="sizes">Features, the widths of the hidden layers, and the dimension of θ: at least two, each at
    /// least 1.</param>
    /// <returns>A model that starts at weights of variance 2/inputs; 2 · rows · weights operations a value, about
    /// twice that a pullback.</returns>
    /// <exception cref="ArgumentException">Fewer than two sizes, or one below 1.</exception>
    public static Model Perceptron(params int[] sizes) =>
        new(Functional.Perceptron.model(Environment.ProcessorCount, sizes));

    /// <summary>A user's own model: any map from parameters to a batch of θ that has a pullback.</summary>
    /// <param name="inputDimension">Columns of the batch of inputs X.</param>
    /// <param name="outputDimension">Columns of the batch Θ.</param>
    /// <param name="parameterCount">Length of the parameter vector w.</param>
    /// <param name="initial">The parameters to start from, for a key.</param>
    /// <param name="apply">X [rows × inputs] ↦ the map w ↦ Θ [rows × outputs]. It must keep no reference to w, and none
    /// to X beyond the pullback: training writes the inputs of the next step into the same array.</param>
    /// <returns>The model; its shapes are checked when it is trained.</returns>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    public static Model Create(
        int inputDimension,
        int outputDimension,
        int parameterCount,
        Func<Key, double[]> initial,
        Func<double[,], Differentiable<double[], double[,]>> apply) =>
        new(new Functional.Model(Functional.ModelForm.Own, inputDimension, outputDimension, parameterCount, Crossing.Function(initial),
            Views.Apply(Crossing.NotNull(apply))));
}
