using System;
using System.Globalization;
using System.Text;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Solves a linear program for one θ after another: from the best basis of the unperturbed θ while that helps, or else from the first feasible one.</summary>
internal sealed class SimplexSolver : ISolver
{
    /// <summary>So many rows of an instance repay the search for its basis.</summary>
    private const int RowsForBasis = 4;

    /// <summary>After as many pivots as so many rows take from nothing, beyond those that warm starts saved, the instance goes on without.</summary>
    private const int MostRowsLost = 3;

    private readonly SimplexDictionary start, warm, dictionary;
    private readonly VertexSystem system;
    private readonly string name;
    private readonly bool[] isBasic, isFlipped;
    private readonly double[] instance, vertex;
    private bool isKnown, isWarm;
    private double clearance;
    private int solved;
    private long lost;
    private long batchRow;

    public SimplexSolver(SimplexDictionary start, VertexSystem system, string name)
    {
        (this.start, this.system, this.name) = (start, system, name);
        (warm, dictionary) = (start.CreateCopy(), start.CreateCopy());
        (isBasic, isFlipped) = (new bool[start.Variables], new bool[start.Variables]);
        (instance, vertex) = (new double[start.Dimension], new double[start.Dimension]);
    }

    public void Begin(long row, ReadOnlySpan<double> theta)
    {
        (batchRow, isWarm, solved, lost) = (row, false, 0, 0);
        isKnown = theta.Length == instance.Length;
        if (isKnown) theta.CopyTo(instance);
    }

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = start.Dimension;
        var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solved += rows;
        if (isKnown && !isWarm && solved >= RowsForBasis) FindBasis();
        for (var row = 0; row < rows; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            if (!(isWarm && lost <= MostRowsLost * (warm.Pivots + 1L) && SolveWarm(theta, y))) SolveCold(theta, y);
            if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
        }
    }

    private void FindBasis()
    {
        warm.Take(start);
        warm.Price(instance);
        isKnown = false;
        if (warm.Climb() >= 0) return;
        isWarm = true;
        clearance = warm.Clearance();
        Write(warm, vertex);
    }

    /// <summary>Solves from the basis of the instance; false where another basis may do as well, so that the way there would decide.</summary>
    private bool SolveWarm(ReadOnlySpan<double> theta, Span<double> y)
    {
        warm.Price(theta);
        var isThere = warm.IsOptimal;
        var isSingle = isThere && warm.IsSingle(clearance);
        if (isSingle)
        {
            vertex.CopyTo(y);
            lost -= warm.Pivots;
            return true;
        }

        // Copying the basis and proving that it is single pass over the dictionary, as a pivot does.
        lost++;
        if (!isThere)
        {
            dictionary.Take(warm);
            isSingle = dictionary.Climb() < 0 && dictionary.IsSingle(0.0);
            lost += dictionary.Pivots;
        }

        if (!isSingle) return false;
        lost -= warm.Pivots;
        Write(dictionary, y);
        return true;
    }

    private void SolveCold(ReadOnlySpan<double> theta, Span<double> y)
    {
        dictionary.Take(start);
        dictionary.Price(theta);
        var ray = dictionary.Climb();
        if (ray >= 0) throw Unbounded(ray, theta, y);
        Write(dictionary, y);
    }

    private void Write(SimplexDictionary end, Span<double> y)
    {
        end.Mark(isBasic, isFlipped);
        system.Solve(isBasic, isFlipped, y);
    }

    private OracleException Unbounded(int column, ReadOnlySpan<double> theta, Span<double> ray)
    {
        dictionary.Direction(column, ray);
        var text = new StringBuilder("the program is unbounded: it gains ");
        text.Append(CultureInfo.InvariantCulture, $"{Lanes.Dot(ray, theta)} for each unit along the direction");
        for (var j = 0; j < ray.Length; j++)
            if (ray[j] != 0.0) text.Append(CultureInfo.InvariantCulture, $" y[{j}] {(ray[j] < 0.0 ? "-" : "+")}= {Math.Abs(ray[j])}");
        return new OracleException(name, batchRow, text.Append('.').ToString());
    }
}
