using System;

namespace Perturbed.Kernels;

/// <content>The powers of two of rows and columns.</content>
internal sealed partial class ScaledProgram
{
    private void Equilibrate()
    {
        var isWide = false;
        for (var i = 0; i < rowExponents.Length; i++)
        {
            var (least, most) = Exponents(i);
            isWide |= least < most - WidestUnscaled;
        }

        for (var pass = 0; isWide && pass < Passes; pass++)
        {
            for (var i = 0; i < rowExponents.Length; i++)
            {
                var (least, most) = Exponents(i);
                rowExponents[i] = least > most ? 0 : -((least + most) >> 1);
            }

            for (var j = 0; j < Dimension; j++)
            {
                var (least, most) = (int.MaxValue, int.MinValue);
                for (var i = 0; i < rowExponents.Length; i++)
                {
                    if (a[i * Dimension + j] == 0.0) continue;
                    var exponent = Math.ILogB(a[i * Dimension + j]) + rowExponents[i];
                    (least, most) = (Math.Min(least, exponent), Math.Max(most, exponent));
                }

                ColumnExponents[j] = least > most ? 0 : -((least + most) >> 1);
            }
        }

        for (var i = 0; i < rowExponents.Length; i++)
        {
            var (least, most) = Exponents(i);
            rowExponents[i] = least > most ? 0 : -most;
        }
    }

    /// <summary>The least and the largest exponent of a row under the scales of the columns.</summary>
    private (int Least, int Most) Exponents(int i)
    {
        var (least, most) = (int.MaxValue, int.MinValue);
        for (var j = 0; j < Dimension; j++)
        {
            if (a[i * Dimension + j] == 0.0) continue;
            var exponent = Math.ILogB(a[i * Dimension + j]) + ColumnExponents[j];
            (least, most) = (Math.Min(least, exponent), Math.Max(most, exponent));
        }

        return (least, most);
    }

    private double[] ScaleAll(double[] bounds)
    {
        var scaled = new double[Dimension];
        for (var j = 0; j < Dimension; j++) scaled[j] = double.IsFinite(bounds[j]) ? Scale(bounds[j], -ColumnExponents[j]) : bounds[j];
        return scaled;
    }

    private double Scale(double x, int exponent)
    {
        var scaled = Math.ScaleB(x, exponent);
        IsExact &= x == 0.0 || (Math.Abs(scaled) > Least && Math.Abs(scaled) < Most);
        return scaled;
    }
}
