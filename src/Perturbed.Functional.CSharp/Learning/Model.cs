using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A model θ = g_w(x): from a batch of inputs, the differentiable map from the parameters w, one flat vector,
/// to the batch of θ.</summary>
/// <remarks>Made by <see cref="Model"/>. A value: the parameters live with the caller, so that every optimizer serves
/// every model.</remarks>
public sealed partial class Model
{
    internal Model(Functional.Model core) => Core = core;

    internal Functional.Model Core { get; }

    /// <summary>What it computes; <see cref="ModelForm.Own"/> for a model of one's own.</summary>
    public ModelForm Form => Core.Form.ToKind();

    /// <summary>Columns of the batch of inputs X.</summary>
    public int InputDimension => Core.InputDimension;

    /// <summary>Columns of the batch Θ.</summary>
    public int OutputDimension => Core.OutputDimension;

    /// <summary>Length of the parameter vector w.</summary>
    public int ParameterCount => Core.ParameterCount;

    /// <summary>The parameters to start from, for a key.</summary>
    /// <param name="key">The key; a model that starts at zero ignores it.</param>
    /// <returns>w, of the length <see cref="ParameterCount"/>.</returns>
    public double[] Initial(Key key) => Core.Initial.Invoke(key);

    /// <summary>The map from parameters to Θ for a batch of inputs.</summary>
    /// <param name="inputs">X, [rows × InputDimension].</param>
    /// <returns>w ↦ Θ [rows × OutputDimension], with the pullback Θ̄ ↦ w̄.</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the model.</exception>
    public Differentiable<double[], double[,]> Apply(double[,] inputs) => new(Core.Apply.Invoke(Crossing.NotNull(inputs)));

    /// <summary>Θ of a batch of inputs.</summary>
    /// <param name="parameters">w, of the length <see cref="ParameterCount"/>.</param>
    /// <param name="inputs">X, [rows × InputDimension], finite.</param>
    /// <returns>Θ, [rows × OutputDimension].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the model, or a number is not finite: the message names
    /// its row and column.</exception>
    public double[,] Predict(double[] parameters, double[,] inputs) =>
        ModelModule.predict(Crossing.NotNull(parameters), Crossing.NotNull(inputs), Core);

    /// <summary>The model with other parameters to start from.</summary>
    /// <param name="initial">From a key to a vector of the length <see cref="ParameterCount"/>.</param>
    /// <returns>A model equal to this one but for its start.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="initial"/> is null.</exception>
    public Model WithInitial(Func<Key, double[]> initial) => new(ModelModule.withInitial(Crossing.Function(initial), Core));

    /// <summary>The model started at independent normals with mean 0, where zero is a saddle or a tie.</summary>
    /// <param name="deviation">The standard deviation, positive.</param>
    /// <returns>A model equal to this one but for its start.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="deviation"/> is not positive and
    /// finite.</exception>
    public Model WithNormalInitial(double deviation) => new(ModelModule.withNormalInitial(deviation, Core));

    /// <summary>The model followed by a differentiable map of Θ, such as a smoothed operator or
    /// <see cref="Differentiable.Rows"/> of one.</summary>
    /// <param name="outputs">Columns of the map's value, at least 1.</param>
    /// <param name="map">From Θ [rows × OutputDimension] to [rows × outputs].</param>
    /// <returns>The composition, with the parameters of this model.</returns>
    /// <exception cref="ArgumentException"><paramref name="outputs"/> is below 1, or the map is null.</exception>
    public Model Then(int outputs, Differentiable<double[,], double[,]> map) =>
        new(ModelModule.compose(outputs, Crossing.NotNull(map).Core, Core));
}
