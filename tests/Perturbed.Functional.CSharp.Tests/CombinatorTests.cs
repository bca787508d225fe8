using System;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class CombinatorTests
{
    private static readonly double[] Theta = [0.4, -0.3, 1.1];

    [Fact]
    public void A_product_solves_each_part_by_its_own_oracle()
    {
        var product = Oracle.Product(Oracle.Argmax(3), Oracle.Ranking(2));
        Assert.Equal([0, 0, 1, 1, 2], product.Solve([.. Theta, 5, 6]));
        Assert.Equal(PolytopeKind.Product, product.Polytope.Kind);
        Assert.Equal([PolytopeKind.Simplex, PolytopeKind.Permutahedron], product.Polytope.Factors!.Select(f => f.Kind));
        Assert.Equal([3, 2], product.Polytope.Dimensions!);
    }

    [Fact]
    public void A_null_among_factors_is_refused_by_the_name_of_the_list() =>
        Assert.Equal("oracles", Assert.Throws<ArgumentNullException>(() => Oracle.Product(Oracle.Argmax(2), null!)).ParamName);

    [Fact]
    public void A_restriction_gives_theta_to_the_free_coordinates_in_their_order() =>
        Assert.Equal([0, 1], Oracle.Argmax(3).Restrict([2, 0], [9, 0.5, 9]).Solve([0.2, 0.7]));

    [Fact]
    public void An_offset_is_added_to_theta() =>
        Assert.Equal([0, 1, 0], Oracle.Argmax(3).WithOffset([0, 2, 0]).Solve(Theta));

    [Fact]
    public void The_offsets_of_a_finite_set_decide_where_theta_does_not()
    {
        double[,] points = { { 1, 0 }, { 0, 1 } };
        Assert.Equal([0, 1], Oracle.FiniteSet(points, [0, 0.5]).Solve([1, 1]));
        Assert.Equal([1, 0], Oracle.FiniteSet(points, [0.5, 0]).Solve([1, 1]));
    }

    [Fact]
    public void A_generalised_maximizer_has_its_features_as_solution_and_pays_its_offset()
    {
        // y ∈ {0, 1, 2} with g(y) = (y, y²) and h(y) = −5y: at θ = (1, 1) the scores are 0, −3 and −4; at θ = (1, 3) they are 0, −1 and 4.
        static int Best(double[] theta) => Enumerable.Range(0, 3).MaxBy(y => y * theta[0] + y * y * theta[1] - 5 * y);
        var oracle = Oracle.Generalised(2, Best, y => [y, y * y], y => -5 * y);
        Assert.Equal([0, 0], oracle.Solve([1, 1]));
        Assert.Equal([2, 4], oracle.Solve([1, 3]));
        Assert.Equal(4, oracle.Perturb(Noise.Gaussian, 1e-9, 10).Maximum([1, 3]), 6);
    }

    [Fact]
    public void Minimising_answers_with_the_negated_argmin()
    {
        var least = Oracle.Argmax(3).Minimise();
        Assert.Equal([0, -1, 0], least.Solve(Theta));
        Assert.Equal(PolytopeKind.Negated, least.Polytope.Kind);
        Assert.Equal(PolytopeKind.Simplex, least.Polytope.Factors!.Single().Kind);
        Assert.Equal(PolytopeKind.Simplex, least.Minimise().Polytope.Kind);
    }

    [Fact]
    public void The_check_of_a_contract_passes_a_good_oracle_and_names_what_a_broken_one_breaks()
    {
        var good = Oracle.Argmax(3).Check();
        Assert.True(good.Passed);
        Assert.Equal(("argmax", 30, 0), (good.Oracle, good.Directions, good.Violations.Count));

        var smallest = Oracle.OfFunction(3, theta => [.. theta.Select(t => t == theta.Min() ? 1.0 : 0.0)]).WithName("smallest");
        var report = smallest.Check(10, Key.Create(3));
        Assert.False(report.Passed);
        Assert.Contains(report.Violations, v => v.Rule == OracleRule.Optimal && v.Theta.Length == 3 && v.Message.Contains("scores"));
        Assert.Contains("smallest: broke its contract", report.ToString());
        Assert.False(smallest.Check(new double[,] { { 1, 0, 0 }, { 0, 1, 0 } }).Passed);
        Assert.Equal("smallest", Assert.Throws<OracleException>(() => smallest.CheckOrThrow()).Oracle);

        var argmax = Oracle.Argmax(3);
        Assert.Same(argmax.Implementation, argmax.CheckOrThrow().Implementation);
    }

    private static IOrderedEnumerable<(string, int)> Tags(Type union) =>
        union.GetNestedType("Tags")!
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (f.Name, (int)f.GetRawConstantValue()!))
            .OrderBy(t => t.Item2);

    [Fact]
    public void Every_rule_of_the_contract_and_form_of_a_model_has_its_name_and_place_in_the_enum()
    {
        Assert.Equal(Tags(typeof(Functional.OracleRule)), Enum.GetValues<OracleRule>().Select(k => (k.ToString(), (int)k)));
        Assert.Equal(Tags(typeof(Functional.ModelForm)), Enum.GetValues<ModelForm>().Select(k => (k.ToString(), (int)k)));
    }
}
