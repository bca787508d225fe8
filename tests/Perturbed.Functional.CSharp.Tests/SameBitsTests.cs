using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>What the facade answers is what the core answers under the same key, bit for bit.</summary>
public class SameBitsTests
{
    private static readonly Key Key = Key.Create(11);
    private static readonly double[] Theta = [0.4, -0.3, 1.1, 0.2];
    private static readonly double[] Vector = [1.0, -2.0, 0.5, 0.25];
    private static readonly double[] Vertex = [0, 0, 1, 0];
    private static readonly double[,] Thetas = { { 0.4, -0.3, 1.1, 0.2 }, { 1.0, 0.0, 0.0, -1.0 } };
    private static readonly double[,] Vectors = { { 1.0, -2.0, 0.5, 0.25 }, { 0.0, 1.0, 2.0, 3.0 } };
    private static readonly double[,] Vertices = { { 0, 0, 1, 0 }, { 1, 0, 0, 0 } };

    private static readonly Smoothed Op = Oracle.Argmax(4).Perturb(Noise.Gumbel, 0.7, 300, Key);

    private static readonly Functional.Smoothed Core =
        SmoothedModule.withKey(Key, Perturb.perturb(OracleModule.argmax(4), Functional.Noise.gumbel, 0.7, 300));

    [Fact]
    public void Values_at_one_theta()
    {
        var (maximum, maximizer) = Op.Estimate(Theta);
        var estimate = SmoothedModule.estimate(Theta, Core);
        Assert.Equal(SmoothedModule.maximum(Theta, Core), Op.Maximum(Theta));
        Assert.Equal(SmoothedModule.maximizer(Theta, Core), Op.Maximizer(Theta));
        AssertSame([estimate.Maximum, estimate.Maximizer], [maximum, maximizer]);
        Assert.Equal(estimate.MaximumStandardError, Op.Estimate(Theta).MaximumStandardError);
        Assert.Equal(estimate.MaximizerStandardErrors, Op.Estimate(Theta).MaximizerStandardErrors);
        Assert.Equal(SmoothedModule.samples(Theta, Core), Op.Samples(Theta));
        AssertSame(
            [.. SmoothedModule.distribution(Theta, Core).Select(f => new object[] { f.Solution, f.Count, f.Probability, f.StandardError })],
            [.. Op.Distribution(Theta).Select(f => new object[] { f.Solution, f.Count, f.Probability, f.StandardError })]);
    }

    [Fact]
    public void Values_over_a_batch()
    {
        Assert.Equal(Batch.maximum(Thetas, Core), Op.Maximum(Thetas));
        Assert.Equal(Batch.maximizer(Thetas, Core), Op.Maximizer(Thetas));
        Assert.Equal(Batch.samples(Thetas, Core), Op.Samples(Thetas));
        var (maximum, gradient) = Batch.maximumAndGradient(Thetas, Core);
        AssertSame([maximum, gradient], [Op.MaximumAndGradient(Thetas).Maximum, Op.MaximumAndGradient(Thetas).Gradient]);
        Assert.Equal(Batch.estimate(Thetas, Core).Select(e => e.Maximizer), Op.Estimate(Thetas).Select(e => e.Maximizer));
    }

    [Fact]
    public void Derivatives_at_one_theta()
    {
        Assert.Equal(SmoothedModule.jacobian(Theta, Core), Op.Jacobian(Theta));
        Assert.Equal(SmoothedModule.maximizerOfMaximum(Theta, Core).Value, Op.MaximizerOfMaximum(Theta).Value);
        AssertSame(SmoothedModule.vectorJacobian(Vector, Theta, Core), Op.VectorJacobian(Theta, Vector));
        AssertSame(SmoothedModule.jacobianVector(Vector, Theta, Core), Op.JacobianVector(Theta, Vector));
        AssertSame(SmoothedModule.jacobianBy(Functional.DerivativeFormula.OfMaximizer, Theta, Core), Op.JacobianBy(Theta));
        AssertSame(SmoothedModule.jacobianBy(Functional.DerivativeFormula.OfMaximum, Theta, Core),
            Op.JacobianBy(Theta, DerivativeFormula.OfMaximum));
        AssertSame(SmoothedModule.hessianVectorBy(Functional.DerivativeFormula.OfMaximizer, Vector, Theta, Core),
            Op.HessianVector(Theta, Vector));
        AssertSame(
            SmoothedModule.hessianVectorBy(Functional.DerivativeFormula.OfMaximum, Vector, Theta, Core),
            Op.HessianVector(Theta, Vector, DerivativeFormula.OfMaximum));
        Assert.Equal(SmoothedModule.hessianVector(Vector, Theta, Core), Op.HessianVector(Theta, Vector).Value);
    }

    [Fact]
    public void Derivatives_over_a_batch()
    {
        Assert.Equal(Batch.jacobian(Thetas, Core), Op.Jacobian(Thetas));
        var (core, draws) = (Batch.draws(Thetas, Core), Op.Draws(Thetas));
        AssertSame(
            [core.Maximizer, core.Centred, core.Noise, core.Scores, core.Denominator],
            [draws.Maximizer, draws.Centred, draws.Noise, draws.Scores, draws.Denominator]);
        AssertSame(Batch.vectorJacobian(Vectors, Thetas, Core), Op.VectorJacobian(Thetas, Vectors));
        AssertSame(Batch.jacobianVector(Vectors, Thetas, Core), Op.JacobianVector(Thetas, Vectors));
        AssertSame(Batch.hessianVectorBy(Functional.DerivativeFormula.OfMaximum, Vectors, Thetas, Core),
            Op.HessianVector(Thetas, Vectors, DerivativeFormula.OfMaximum));
    }

    [Fact]
    public void Pullbacks_of_one_theta_and_of_a_batch()
    {
        var (value, back) = Op.Pullback(Theta);
        var core = SmoothedModule.pullback(Theta, Core);
        AssertSame([core.Item1, core.Item2.Invoke(Vector)], [value, back(Vector)]);
        var (values, backs) = Op.Pullback(Thetas);
        var batch = Batch.pullback(Thetas, Core);
        AssertSame([batch.Item1, batch.Item2.Invoke(Vectors)], [values, backs(Vectors)]);
        AssertSame([value, back(Vector)], Through(Op.Differentiable(), Theta, Vector));
        AssertSame([values, backs(Vectors)], Through(Op.DifferentiableBatch(), Thetas, Vectors));
    }

    [Fact]
    public void Fenchel_Young_losses_and_regularizers()
    {
        var (loss, gradient) = Op.FenchelYoungLoss(Theta, Vertex);
        var core = FenchelYoung.valueAndGradient(Theta, Vertex, Core);
        Assert.Equal(
            (core.Item1.Value, core.Item1.StandardError, core.Item1.Regularizer, core.Item1.IsTrueLoss),
            (loss.Value, loss.StandardError, loss.Regularizer, loss.IsTrueLoss));
        Assert.Equal(core.Item2, gradient);
        Assert.Equal(gradient, Op.FenchelYoungGradient(Theta, Vertex));
        var (value, mapped) = Op.FenchelYoungDifferentiable(Vertex).ValueAndGradient(Theta);
        AssertSame([loss.Value, gradient], [value, mapped]);
        var (losses, gradients) = Op.FenchelYoungLoss(Thetas, Vertices);
        var batch = FenchelYoung.valueAndGradientBatch(Thetas, Vertices, Core);
        Assert.Equal(batch.Item1.Select(l => l.Value), losses.Select(l => l.Value));
        Assert.Equal(batch.Item2, gradients);
        Assert.Equal(gradients, Op.FenchelYoungGradient(Thetas, Vertices));
        Assert.Equal(Regularizer.known(Vertex, Core), Op.KnownRegularizer(Vertex));
        double[] inner = [0.1, 0.2, 0.3, 0.4];
        var solution = Regularizer.solveAt(0.01, inner, Core);
        var (omega, slope) = Op.Regularizer(inner, 0.01);
        AssertSame([solution.Value, solution.Gradient], [omega, slope]);
    }

    [Fact]
    public void Estimation_with_its_confidence_intervals()
    {
        var drawn = Op.WithKey(Key.Create(2)).Samples(Theta);
        var fit = Op.Fit(drawn, 0.01);
        var core = Estimation.fit(0.01, drawn, Core);
        AssertSame([core.Theta, core.Covariance, core.StandardErrors], [fit.Theta, fit.Covariance, fit.StandardErrors]);
        Assert.Equal(Estimation.confidenceIntervals(0.9, core).Select(t => t.ToValueTuple()), fit.ConfidenceIntervals(0.9));
    }

    public static TheoryData<string> SettingNames => new(Settings.Keys);

    private static readonly Dictionary<string, (Smoothed Facade, Functional.Smoothed Core)> Settings = new()
    {
        ["WithSamples"] = (Op.WithSamples(77), SmoothedModule.withSamples(77, Core)),
        ["WithEpsilon"] = (Op.WithEpsilon(0.3), SmoothedModule.withEpsilon(0.3, Core)),
        ["WithEpsilons"] = (Op.WithEpsilons([1, 2, 3, 4]), SmoothedModule.withEpsilons([1, 2, 3, 4], Core)),
        ["WithKey"] = (Op.WithKey(Key.Create(5)), SmoothedModule.withKey(Key.Create(5), Core)),
        ["Multiplicative"] = (Op.Multiplicative(), SmoothedModule.withPerturbation(Perturbation.Multiplicative, Core)),
        ["None"] = (Op.WithVarianceReduction(VarianceReduction.None),
            SmoothedModule.withVarianceReduction(Functional.VarianceReduction.None, Core)),
        ["Baseline"] = (Op.WithVarianceReduction(VarianceReduction.Baseline),
            SmoothedModule.withVarianceReduction(Functional.VarianceReduction.Baseline, Core)),
        ["Antithetic"] = (Op.WithSampling(SamplingDesign.Antithetic),
            SmoothedModule.withSampling(Functional.SamplingDesign.Antithetic, Core)),
        ["LatinHypercube"] = (Op.WithSampling(SamplingDesign.LatinHypercube(3)),
            SmoothedModule.withSampling(Functional.SamplingDesign.NewLatinHypercube(3), Core)),
        ["Sobol"] = (Op.WithSampling(SamplingDesign.Sobol(3)), SmoothedModule.withSampling(Functional.SamplingDesign.NewSobol(3), Core)),
        ["WithFirstRow"] = (Op.WithFirstRow(3), SmoothedModule.withFirstRow(3, Core)),
    };

    [Theory]
    [MemberData(nameof(SettingNames))]
    public void Every_setting_is_the_core_s_and_changes_the_answer(string setting)
    {
        var (facade, core) = Settings[setting];
        Assert.Equal(SmoothedModule.jacobian(Theta, core), facade.Jacobian(Theta));
        Assert.NotEqual(Op.Jacobian(Theta), facade.Jacobian(Theta));
    }

    [Fact]
    public void An_exact_operator_is_the_core_s_and_can_be_sampled_again()
    {
        var exact = Oracle.Ranking(4).Perturb(Noise.Gaussian, 0.5, 20).Exact();
        var core = SmoothedModule.exact(Perturb.perturb(OracleModule.ranking(4), Noise.Gaussian, 0.5, 20));
        Assert.Equal(SmoothedModule.maximizer(Theta, core), exact.Maximizer(Theta));
        Assert.Equal(SmoothedModule.jacobian(Theta, core), exact.Jacobian(Theta));
        Assert.True(exact.IsExact);
        Assert.False(exact.Sampled().IsExact);
        Assert.Equal(SmoothedModule.maximizer(Theta, SmoothedModule.sampled(core)), exact.Sampled().Maximizer(Theta));
    }

    [Fact]
    public void Every_design_is_the_core_s_can_be_read_back_and_says_its_name()
    {
        var op = Oracle.Argmax(4).Perturb(Noise.Gaussian, 0.5, 40);
        var core = Perturb.perturb(OracleModule.argmax(4), Noise.Gaussian, 0.5, 40);
        var designs = new (SamplingDesign Facade, Functional.SamplingDesign Core, string Name)[]
        {
            (SamplingDesign.Independent, Functional.SamplingDesign.Independent, "Independent"),
            (SamplingDesign.Antithetic, Functional.SamplingDesign.Antithetic, "Antithetic"),
            (SamplingDesign.Orthogonal, Functional.SamplingDesign.Orthogonal, "Orthogonal"),
            (SamplingDesign.AntitheticOrthogonal, Functional.SamplingDesign.AntitheticOrthogonal, "AntitheticOrthogonal"),
            (SamplingDesign.LatinHypercube(2), Functional.SamplingDesign.NewLatinHypercube(2), "LatinHypercube 2"),
            (SamplingDesign.Sobol(4), Functional.SamplingDesign.NewSobol(4), "Sobol 4"),
        };
        foreach (var (facade, design, name) in designs)
        {
            Assert.Equal(SmoothedModule.maximizer(Theta, SmoothedModule.withSampling(design, core)),
                op.WithSampling(facade).Maximizer(Theta));
            Assert.Equal(facade, op.WithSampling(facade).Sampling);
            Assert.Equal(name, facade.ToString());
        }
        Assert.Equal(SamplingDesign.Independent, op.Sampling);
    }

    [Fact]
    public void Settings_can_be_read_back()
    {
        using var source = new CancellationTokenSource();
        var changed = Op.WithThreads(2).WithFirstRow(9).WithCancellation(source.Token).WithEpsilons([1, 2, 3, 4]).Multiplicative();
        Assert.Equal((Core.CacheBytes, 5L), (Op.CacheBytes, Op.WithCacheBytes(5).CacheBytes));
        Assert.Equal((2, 9L, source.Token, true), (changed.Threads, changed.FirstRow, changed.Cancellation, changed.IsMultiplicative));
        Assert.Equal([1, 2, 3, 4], changed.Epsilon);
        Assert.Equal((Key, 300, "argmax", "gumbel"), (Op.Key, Op.SampleCount, Op.Oracle.Name, Op.Noise.Name));
        Assert.All(Enum.GetValues<VarianceReduction>(), kind => Assert.Equal(kind, Op.WithVarianceReduction(kind).VarianceReduction));
        Assert.False(changed.Additive().IsMultiplicative);
    }

    [Fact]
    public void Keys_are_the_core_s()
    {
        var number = 7;
        Assert.Equal(KeyModule.fold(7, Key), Key.Fold(number));
        Assert.Equal(Key.Fold(7UL), Key.Fold(number));
        Assert.Equal(KeyModule.split(3, Key), Key.Split(3));
        Assert.Equal(Key.Create(3), Key.Create(3));
    }

    private static void AssertSame<T>(Functional.Uncertain<T> core, Uncertain<T> facade)
    {
        var (value, standardErrors) = facade;
        Assert.Equal(core.Value, value);
        Assert.Equal(core.StandardErrors, standardErrors);
    }

    private static void AssertSame(object[] core, object[] facade) => Assert.Equal(core, facade);

    private static object[] Through<TInput, TOutput>(Differentiable<TInput, TOutput> map, TInput x, TOutput cotangent)
        where TInput : class where TOutput : class
    {
        var (value, back) = map.Pullback(x);
        return [value, back(cotangent)];
    }
}
