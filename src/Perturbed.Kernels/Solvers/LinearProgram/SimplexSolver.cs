using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Solves a linear program for one θ after another: from the best basis of the unperturbed θ while that helps, or else
/// from the first feasible one.
/// </summary>
internal sealed class SimplexSolver : ISolver
{
    /// <summary>So many rows of an instance repay the search for its basis.</summary>
    private const int RowsForBasis = 4;

    /// <summary>
    /// After as many pivots as so many rows take from nothing, beyond those that warm starts saved, the instance goes
    /// on without.
    /// </summary>
    private const int MostRowsLost = 3;

    private readonly ScaledProgram program;
    private readonly SimplexDictionary start, warm, dictionary;
    private readonly BasisProof proof;
    private readonly string name;
    private readonly double[] instance, vertex, scaled, bounds;
    private bool isKnown, isWarm;
    private int solved;
    private long lost;
    private long batchRow;

    public SimplexSolver(ScaledProgram program, SimplexDictionary start, string name)
    {
        (this.program, this.start, this.name) = (program, start, name);
        (warm, dictionary, proof) = (start.CreateCopy(), start.CreateCopy(), new BasisProof(program));
        (instance, vertex) = (new double[program.Dimension], new double[program.Dimension]);
        (scaled, bounds) = (new double[program.Stride], new double[program.Stride]);
    }

    public void Begin(long row, ReadOnlySpan<double> theta)
    {
        (batchRow, isWarm, solved, lost) = (row, false, 0, 0);
        isKnown = theta.Length == instance.Length;
        if (isKnown) theta.CopyTo(instance);
    }

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = program.Dimension;
        var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solved += rows;
        if (isKnown && !isWarm && solved >= RowsForBasis) FindBasis();
        for (var row = 0; row < rows; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            var isScaled = program.ScaleTheta(theta, scaled);
            var isSolved = isScaled && isWarm && lost <= MostRowsLost * (warm.Pivots + 1L) && SolveWarm(y);
            if (!isSolved && !SolveCold(isScaled, y)) SolveExactly(theta, y);
            if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
        }
    }

    private void FindBasis()
    {
        isKnown = false;
        if (!program.ScaleTheta(instance, scaled)) return;
        warm.Take(start);
        warm.Price(scaled);
        if (warm.Climb() != SimplexDictionary.Optimal || !proof.Prove(warm) || !proof.Write(vertex)) return;
        isWarm = true;
        proof.BoundGains(warm, bounds);
    }

    /// <summary>
    /// Solves from the basis of the instance; false where another vertex may be as good, so that the answer would
    /// depend on the pivots.
    /// </summary>
    private bool SolveWarm(Span<double> y)
    {
        warm.PriceGains(scaled);
        if (AllLose(warm.Gains, bounds, Lanes.LargestMagnitude(scaled)))
        {
            vertex.CopyTo(y);
            lost -= warm.Pivots;
            return true;
        }

        // Copying the basis passes over the dictionary, as a pivot does; proving another one takes about as long
        // again.
        lost += 2;
        dictionary.Take(warm);
        dictionary.Price(scaled);
        var isOptimal = dictionary.Climb() == SimplexDictionary.Optimal;
        lost += dictionary.Pivots;
        if (!isOptimal || !proof.Prove(dictionary) || !proof.IsBest(dictionary, scaled, out var isSingle) || !isSingle) return false;
        lost -= warm.Pivots;
        return proof.Write(y);
    }

    private static bool AllLose(ReadOnlySpan<double> gains, ReadOnlySpan<double> bounds, double size)
    {
        ref var gain = ref MemoryMarshal.GetReference(gains);
        ref var bound = ref MemoryMarshal.GetReference(bounds);
        var times = Vector512.Create(size);
        for (nuint j = 0; j < (nuint)gains.Length; j += Lanes.Width)
        {
            var most = Vector512.LoadUnsafe(ref gain, j) + times * Vector512.LoadUnsafe(ref bound, j);
            if (!Vector512.LessThanAll(most, Vector512<double>.Zero)) return false;
        }

        return true;
    }

    /// <summary>
    /// Solves from the first basis; false where the basis that this finds is not proved the best one.
    /// </summary>
    private bool SolveCold(bool isScaled, Span<double> y)
    {
        dictionary.Take(start);
        if (!isScaled) return false;
        dictionary.Price(scaled);
        return dictionary.Climb() == SimplexDictionary.Optimal
            && proof.Prove(dictionary) && proof.IsBest(dictionary, scaled, out _) && proof.Write(y);
    }

    /// <summary>
    /// Decides in whole numbers, from the basis that the search in doubles ended at, or from the first one where that
    /// is not feasible.
    /// </summary>
    private void SolveExactly(ReadOnlySpan<double> theta, Span<double> y)
    {
        for (var j = 0; j < theta.Length; j++)
            if (!double.IsFinite(theta[j]))
                throw new OracleException(name, batchRow, $"theta[{j}] is {theta[j]}; expected a finite number.");
        try
        {
            var exact = new ExactDictionary(program, theta);
            if (!exact.Load(dictionary.Basic, dictionary.IsFlipped))
            {
                exact = new ExactDictionary(program, theta);
                exact.Load(start.Basic, start.IsFlipped);
            }

            var ray = exact.Climb();
            if (ray >= 0) throw Unbounded(exact, ray, theta);
            exact.Write(y);
        }
        catch (ExactLimitException error)
        {
            throw new OracleException(name, batchRow, $"the best vertex is undecided: {error.Message}.");
        }

        for (var j = 0; j < y.Length; j++)
            if (!double.IsFinite(y[j]))
                throw new OracleException(name, batchRow, $"y[{j}] of the best vertex is beyond the largest double.");
    }

    private OracleException Unbounded(ExactDictionary exact, int column, ReadOnlySpan<double> theta)
    {
        var ray = new double[theta.Length];
        exact.Direction(column, ray);
        var text = new StringBuilder("the program is unbounded: it gains ");
        text.Append(CultureInfo.InvariantCulture, $"{Lanes.Dot(ray, theta)} for each unit along the direction");
        for (var j = 0; j < ray.Length; j++)
            if (ray[j] != 0.0) text.Append(CultureInfo.InvariantCulture, $" y[{j}] {(ray[j] < 0.0 ? "-" : "+")}= {Math.Abs(ray[j])}");
        var reason = text.Append('.').ToString();
        return new OracleException(name, batchRow, reason, new SolveFailedException(SolveFailure.Unbounded, reason));
    }
}
