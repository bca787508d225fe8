using System;

namespace Perturbed.Kernels;

/// <summary>
/// The marginals of a transport problem in multiples of one power of two, so that sums and differences of flows are
/// exact.
/// </summary>
/// <remarks>
/// The unit is at most 2⁻⁵¹ of the total: rounding to it loses no more than a sum of doubles would, and nothing at all
/// of whole numbers.
/// </remarks>
internal sealed class Marginals
{
    private const double Tolerance = 1e-9;

    public Marginals(double[] rows, double[] columns, string rowsName, string columnsName)
    {
        var total = Total(rows, rowsName);
        var other = Total(columns, columnsName);
        if (Math.Abs(total - other) > Tolerance * total)
            throw new ArgumentException($"{columnsName} sums to {other}; expected {total}, the sum of {rowsName}.", columnsName);
        var unit = Math.ScaleB(1.0, Math.ILogB(total) - 50);
        (Rows, Columns) = (Round(rows, unit, rowsName), Round(columns, unit, columnsName));
        // What the two totals differ by goes to the largest column, of which it is a vanishing part.
        var largest = 0;
        var difference = 0.0;
        foreach (var row in Rows) difference += row;
        for (var j = 0; j < Columns.Length; j++)
        {
            difference -= Columns[j];
            if (Columns[j] > Columns[largest]) largest = j;
        }

        Columns[largest] += difference;
        if (Columns[largest] <= 0.0)
            throw new ArgumentException(
                $"{columnsName} has too many entries for its sum to be balanced; expected sums that agree.", columnsName);
    }

    public double[] Rows { get; }

    public double[] Columns { get; }

    private static double Total(double[] marginals, string name)
    {
        if (marginals.Length == 0) throw new ArgumentException($"{name} is empty; expected at least 1 entry.", name);
        var total = 0.0;
        for (var i = 0; i < marginals.Length; i++)
        {
            if (!double.IsFinite(marginals[i]) || marginals[i] <= 0.0)
                throw new ArgumentException($"{name}[{i}] is {marginals[i]}; expected a positive, finite number.", name);
            total += marginals[i];
        }

        if (total is < 1e-200 or > 1e200)
            throw new ArgumentException($"{name} sums to {total}; expected a sum between 1e-200 and 1e200.", name);
        return total;
    }

    private static double[] Round(double[] marginals, double unit, string name)
    {
        var rounded = new double[marginals.Length];
        for (var i = 0; i < marginals.Length; i++)
        {
            rounded[i] = Math.Round(marginals[i] / unit) * unit;
            if (rounded[i] <= 0.0)
                throw new ArgumentException($"{name}[{i}] is {marginals[i]}, lost beside the sum; expected at least {unit}.", name);
        }

        return rounded;
    }
}
