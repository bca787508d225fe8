using System;
using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>A model with its parameters, and what else it needs to predict: what <see cref="Save"/> writes and
/// <see cref="Load"/> reads.</summary>
public sealed record SavedModel
{
    /// <summary>A model with its parameters, for inputs as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">w, of the length <see cref="Model.ParameterCount"/>, finite; copied.</param>
    /// <exception cref="ArgumentException">Another number of parameters, or one that is not finite.</exception>
    public SavedModel(Model model, double[] parameters) => Core = SavedModelModule.create(Crossing.NotNull(model).Core, parameters);

    private SavedModel(Functional.SavedModel core) => Core = core;

    internal Functional.SavedModel Core { get; }

    /// <summary>The model.</summary>
    public Model Model => new(Core.Model);

    /// <summary>w, of the model's <see cref="Model.ParameterCount"/>, finite.</summary>
    public double[] Parameters => Core.Parameters;

    /// <summary>The scaling of the inputs that the parameters were trained on; null where they were trained on the
    /// inputs as they are.</summary>
    public Standardisation? Standardisation => Core.Standardisation is null ? null : new(Core.Standardisation.Value);

    /// <summary>The name of the oracle that θ is for; null where it was not told.</summary>
    public string? OracleName => Core.Oracle?.Value.Name;

    /// <summary>The dimension of the oracle that θ is for; null where it was not told.</summary>
    public int? OracleDimension => Core.Oracle?.Value.Dimension;

    /// <summary>The same model for inputs that are to be scaled first, as the training set was.</summary>
    /// <param name="standardisation">From <see cref="Standardisation.Fit"/> on the training set.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">Another number of columns than the model has inputs, or a number that is
    /// not finite.</exception>
    public SavedModel WithStandardisation(Standardisation standardisation) =>
        new(SavedModelModule.withStandardisation(Crossing.NotNull(standardisation).Core, Core));

    /// <summary>The same model with the name and the dimension of the oracle that its θ is for.</summary>
    /// <param name="oracle">The oracle, of the model's output dimension.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">The oracle has another dimension.</exception>
    public SavedModel WithOracle(Oracle oracle) => new(SavedModelModule.withOracle(Crossing.NotNull(oracle).Core, Core));

    /// <summary>Θ of a batch of inputs, which are scaled first where the model says so.</summary>
    /// <param name="inputs">X, [rows × inputs], finite, as they were measured.</param>
    /// <returns>Θ, [rows × outputs].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the model, or a number is not finite: the message names
    /// its row and column.</exception>
    public double[,] Predict(double[,] inputs) => SavedModelModule.predict(Crossing.NotNull(inputs), Core);

    /// <summary>Writes a model with its parameters and all that it needs to predict: path, in JSON, and beside it the
    /// parameters, path with .npy in place of .json.</summary>
    /// <param name="path">A path that ends in .json, in a directory that is there.</param>
    /// <exception cref="ArgumentException">Another ending, or a model of <see cref="ModelForm.Own"/>, which no file
    /// can describe.</exception>
    /// <exception cref="IOException">A file cannot be written; what was there before is untouched.</exception>
    /// <remarks>docs/guide.md reads the files in 20 lines of Python.</remarks>
    public void Save(string path) => ModelModule.save(Crossing.NotNull(path), Core);

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file in JSON; that of the parameters lies beside it.</param>
    /// <returns>The model, with the bits of its parameters and scaling.</returns>
    /// <exception cref="ArgumentException">The path does not end in .json.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is cut short, of another format or version, or has a number that
    /// is not finite or does not fit: the message names the file, what was found and what was expected.</exception>
    public static SavedModel Load(string path) => new(ModelModule.load(Crossing.NotNull(path)));
}
