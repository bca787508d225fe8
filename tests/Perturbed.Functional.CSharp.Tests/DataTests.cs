using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class DataTests
{
    [Fact]
    public void Arrays_of_every_type_come_back_from_a_stream_as_they_were()
    {
        NpyArray Again(NpyArray array)
        {
            using var stream = new MemoryStream();
            array.Write(stream);
            stream.Position = 0;
            return NpyArray.Read("stream", stream, NonFinite.Keep);
        }

        Assert.Equal([1.5, double.NaN], Again(new([2], new[] { 1.5, double.NaN })).Doubles!);
        Assert.Equal([1.5f], Again(new([1, 1], new[] { 1.5f })).Singles!);
        Assert.Equal([-7L], Again(new([1], new[] { -7L })).Integers!);
        var bytes = Again(new([3, 1], new byte[] { 1, 2, 255 }));
        Assert.Equal([1, 2, 255], bytes.Bytes!);
        Assert.Null(bytes.Doubles);
        Assert.Equal([3, 1], bytes.Shape);
        Assert.Equal([1.0, 2.0, 255.0], bytes.ToDoubles());
        Assert.Equal("stream", bytes.RequireShape(null, 1).Source);
        Assert.Throws<InvalidDataException>(() => bytes.RequireShape(4, null));
    }

    [Fact]
    public void A_saved_array_is_loaded_and_NaN_is_refused_unless_kept()
    {
        var path = Path.GetTempFileName();
        try
        {
            new NpyArray([1], new[] { double.NaN }).Save(path);
            Assert.Contains("offset 128", Assert.Throws<InvalidDataException>(() => NpyArray.Load(path)).Message);
            Assert.Equal([double.NaN], NpyArray.Load(path, NonFinite.Keep).Doubles!);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_saved_model_is_loaded_with_its_bits_and_what_is_wrong_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("perturbed-models-").FullName;
        try
        {
            var path = Path.Combine(folder, "model.json");
            var x = new double[,] { { 1, 2 }, { 3, 5 } };
            var model = Model.Perceptron(2, 4, 3);
            var saved = new SavedModel(model,
                model.Initial(Key.Create(1))).WithStandardisation(Standardisation.Fit(x)).WithOracle(Oracle.Argmax(3));
            saved.Save(path);
            var loaded = SavedModel.Load(path);
            Assert.Equal(ModelForm.Perceptron, loaded.Model.Form);
            Assert.Equal(saved.Parameters, loaded.Parameters);
            Assert.Equal(saved.Standardisation!.Mean, loaded.Standardisation!.Mean);
            Assert.Equal(("argmax", 3), (loaded.OracleName, loaded.OracleDimension));
            Assert.Equal(saved.Predict(x), loaded.Predict(x));
            Assert.Equal(model.Predict(saved.Parameters, saved.Standardisation.Apply(x)), loaded.Predict(x));
            var plain = new SavedModel(model, saved.Parameters);
            Assert.Null(plain.Standardisation);
            Assert.Null(plain.OracleName);
            Assert.Null(plain.OracleDimension);
            File.WriteAllText(path, File.ReadAllText(path)[..100]);
            Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => SavedModel.Load(path)).Message);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Images_become_examples_that_a_perceptron_learns_from()
    {
        var file = new byte[2 * 3073];
        (file[0], file[3073], file[3074]) = (3, 9, 255);
        var images = Cifar10Images.Read("memory", new MemoryStream(file));
        Assert.Equal([3, 9], images.Labels);
        Assert.Equal(6144, images.Pixels.Length);
        var examples = images.ToExamples();
        Assert.Equal(1.0, examples.Inputs[1, 0]);
        var settings = new TrainingConfig(5, 2, Optimizer.Adam(), Schedule.Constant(0.01));
        var history = Model.Perceptron(3072, 8, 10).Train(settings, Loss.CrossEntropy, examples).History;
        Assert.True(history[^1].Loss < history[0].Loss);
        Assert.Throws<ArgumentException>(() => new Cifar10Images([1], [1]).ToExamples());
        Assert.Throws<FileNotFoundException>(() => Cifar10Images.Load("nothing.bin"));
    }

    [Fact]
    public void Stockholm_alignments_are_written_and_read()
    {
        var alignment = new StockholmAlignment(
            [new StockholmSequence("a", "A-c.D"), new StockholmSequence("b", "AC..D")],
            StockholmAnnotation.OfAlignment("ID", "toy"),
            StockholmAnnotation.OfSequence("b", "AC", "P1"),
            StockholmAnnotation.OfResidues("a", "SS", "H...H"),
            StockholmAnnotation.OfColumns("cons", "A...D"));
        using var text = new StringWriter();
        StockholmAlignment.Write([alignment], text);
        var read = Assert.Single(StockholmAlignment.Read("memory", new StringReader(text.ToString())));
        Assert.Equal(alignment, read);
        Assert.Equal("ACD", read.Sequences[0].Letters());
        Assert.Equal([null, "b", "a", null], read.Annotations.Select(a => a.Sequence));
        Assert.Equal([false, false, true, true], read.Annotations.Select(a => a.IsPerColumn));
        Assert.Throws<FileNotFoundException>(() => StockholmAlignment.Load("nothing.sto"));
        Assert.Throws<ArgumentException>(() => StockholmAlignment.Save("nothing.sto", new StockholmAlignment([])));
    }

    [Fact]
    public void Arrays_of_idx_files_become_examples()
    {
        byte[] file = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 255];
        var images = IdxArray.Read("memory", new MemoryStream(file));
        Assert.Equal([2, 1], images.Shape);
        Assert.Equal([0, 255], images.Bytes);
        var examples = images.ToExamples(new IdxArray([2], [1, 0]), 2);
        Assert.Equal(1.0, examples.Inputs[1, 0]);
        Assert.Equal(1.0, examples.Targets[0, 1]);
        Assert.Throws<ArgumentException>(() => images.ToExamples(new IdxArray([1], [0]), 2));
        Assert.Contains("offset 13", Assert.Throws<InvalidDataException>(() => IdxArray.Read("memory", new MemoryStream(file[..13]))).Message);
        Assert.Throws<FileNotFoundException>(() => IdxArray.Load("nothing"));
    }
}
