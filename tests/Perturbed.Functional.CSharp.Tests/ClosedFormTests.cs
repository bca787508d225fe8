using System;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>
/// Gumbel noise on the simplex has closed forms. Keys are fixed, so a test that passes always passes; for a fresh
/// key six standard errors would be exceeded with probability 2e-9 an entry.
/// </summary>
public class ClosedFormTests
{
    private const double Epsilon = 0.8;
    private static readonly double[] Theta = [0.4, -0.3, 1.1, 0.2];
    private static readonly Smoothed Op = Oracle.Argmax(4).Perturb(Noise.Gumbel, Epsilon, 20_000, Key.Create(3));

    private static double[] Softmax(double[] theta) =>
        [.. theta.Select(t => Math.Exp(t / Epsilon) / theta.Sum(s => Math.Exp(s / Epsilon)))];

    private static void AssertWithinSixErrors(double expected, double actual, double standardError) =>
        Assert.True(Math.Abs(actual - expected) <= 6 * standardError, $"{actual} ± {standardError} is not {expected}");

    [Fact]
    public void The_maximizer_is_softmax_and_the_maximum_log_sum_exp()
    {
        var estimate = Op.Estimate(Theta);
        var softmax = Softmax(Theta);
        for (var i = 0; i < 4; i++) AssertWithinSixErrors(softmax[i], estimate.Maximizer[i], estimate.MaximizerStandardErrors[i]);
        const double euler = 0.57721566490153286;
        AssertWithinSixErrors(
            Epsilon * (Math.Log(Theta.Sum(t => Math.Exp(t / Epsilon))) + euler), estimate.Maximum, estimate.MaximumStandardError);
    }

    [Theory]
    [InlineData(DerivativeFormula.OfMaximizer)]
    [InlineData(DerivativeFormula.OfMaximum)]
    public void The_Jacobian_is_that_of_softmax_by_both_formulas(DerivativeFormula formula)
    {
        var (jacobian, errors) = Op.JacobianBy(Theta, formula);
        var p = Softmax(Theta);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                AssertWithinSixErrors(p[i] * ((i == j ? 1 : 0) - p[j]) / Epsilon, jacobian[i, j], errors[i, j]);
            }
        }
    }

    [Fact]
    public void A_Gumbel_of_the_user_s_own_by_quantile_is_softmax_too()
    {
        var noise = Noise.OfQuantile(
            "my gumbel",
            u => -Math.Log(-Math.Log(u)),
            z => 1 - Math.Exp(-z),
            mean: 0.57721566490153286,
            fisherInformation: 1,
            isSymmetric: false,
            curvature: z => Math.Exp(-z));
        var estimate = Oracle.Argmax(4).Perturb(noise, Epsilon, 20_000, Key.Create(4)).Estimate(Theta);
        var softmax = Softmax(Theta);
        for (var i = 0; i < 4; i++) AssertWithinSixErrors(softmax[i], estimate.Maximizer[i], estimate.MaximizerStandardErrors[i]);
    }

    [Fact]
    public void The_Fenchel_Young_loss_at_a_vertex_is_the_logistic_loss()
    {
        var (loss, gradient) = Op.FenchelYoungLoss(Theta, [0, 0, 1, 0]);
        var (value, error) = loss;
        Assert.True(loss.IsTrueLoss);
        AssertWithinSixErrors(-Epsilon * Math.Log(Softmax(Theta)[2]), value, error);
        Assert.Equal(0, gradient.Sum(), 12);
    }

    [Fact]
    public void The_regularizer_is_negative_entropy_and_its_known_value_agrees()
    {
        double[] y = [0.1, 0.2, 0.3, 0.4];
        var centred = Oracle.Argmax(4).Perturb(Noise.CentredGumbel, 1.0, 20_000, Key.Create(5));
        var solution = centred.Regularizer(y, 1e-3);
        var negentropy = y.Sum(p => p * Math.Log(p));
        Assert.Equal(negentropy, centred.KnownRegularizer(y), 12);
        AssertWithinSixErrors(negentropy, solution.Value, solution.StandardError);
    }

    [Theory]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(1.0, 0.0, 0.0, 0.0)]
    public void A_regularizer_outside_the_polytope_or_on_its_boundary_is_refused_with_a_reason(double a, double b, double c, double d)
    {
        Assert.False(Op.TryRegularizer([a, b, c, d], 1e-3, out var none, out var reason));
        Assert.Null(none);
        Assert.False(string.IsNullOrWhiteSpace(reason));
        Assert.True(Op.TryRegularizer([0.25, 0.25, 0.25, 0.25], 1e-2, out var solution, out var nothing));
        Assert.Null(nothing);
        Assert.True(solution.Residual <= 1e-2);
    }

    [Fact]
    public void The_mean_of_a_smoothed_square_is_its_closed_form()
    {
        // E (x + eps Z)^2 = x^2 + eps^2 and its derivative 2 x.
        var square = SmoothedFunction.OfSpanFunction(1, 1, (x, y) => y[0] = x[0] * x[0], Noise.Gaussian, 0.5, 20_000)
            .Configure(s => s.WithKey(Key.Create(6)));
        var (value, error) = square.Value([1.5]);
        AssertWithinSixErrors(1.5 * 1.5 + 0.25, value[0], error[0]);
        var (slope, slopeError) = square.Jacobian([1.5]);
        AssertWithinSixErrors(3.0, slope[0, 0], slopeError[0, 0]);
        var same = SmoothedFunction.Create(1, 1, x => [x[0] * x[0]], Noise.Gaussian, 0.5, 20_000).Configure(s => s.WithKey(Key.Create(6)));
        Assert.Equal(value, same.Value([1.5]).Value);
        Assert.Equal(value[0], same.Value(new[,] { { 1.5 } })[0, 0], 12);
        Assert.Equal(slope[0, 0], same.Pullback([1.5]).Pullback([1.0])[0], 12);
        Assert.Equal(slope[0, 0], same.Pullback(new[,] { { 1.5 } }).Pullback(new[,] { { 1.0 } })[0, 0], 12);
    }
}
