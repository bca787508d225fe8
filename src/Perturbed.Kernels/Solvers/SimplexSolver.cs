using System;
using System.Globalization;
using System.Text;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Solves a linear program for one θ after another, each from the same feasible basis.</summary>
internal sealed class SimplexSolver(SimplexDictionary start, VertexSystem system, string name) : ISolver
{
    private readonly SimplexDictionary dictionary = start.CreateCopy();
    private readonly bool[] isBasic = new bool[start.Variables];
    private long instance;

    public void Begin(long row, ReadOnlySpan<double> theta) => instance = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = start.Dimension;
        var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        for (var row = 0; row < rows; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            dictionary.Take(start);
            var ray = dictionary.Maximise(theta);
            if (ray >= 0) throw Unbounded(ray, theta, y);
            dictionary.Mark(isBasic);
            system.Solve(isBasic, y);
            if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
        }
    }

    private OracleException Unbounded(int column, ReadOnlySpan<double> theta, Span<double> ray)
    {
        dictionary.Direction(column, ray);
        var text = new StringBuilder("the program is unbounded: it gains ");
        text.Append(CultureInfo.InvariantCulture, $"{Lanes.Dot(ray, theta)} for each unit along the direction");
        for (var j = 0; j < ray.Length; j++)
            if (ray[j] != 0.0) text.Append(CultureInfo.InvariantCulture, $" y[{j}] {(ray[j] < 0.0 ? "-" : "+")}= {Math.Abs(ray[j])}");
        return new OracleException(name, instance, text.Append('.').ToString());
    }
}
