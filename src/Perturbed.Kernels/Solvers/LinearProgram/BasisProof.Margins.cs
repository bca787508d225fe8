using System;

namespace Perturbed.Kernels;

/// <content>A test of many θ at one basis, without the data.</content>
internal sealed partial class BasisProof
{
    /// <summary>
    /// For each column of the proved basis what its gain may be wrong by for each unit of the largest entry of θ; −∞
    /// for variables that cannot move.
    /// </summary>
    /// <remarks>
    /// With N the column in the data, D its coefficients and V = N − A D, the true coefficients are D + A⁻¹ V.
    /// </remarks>
    public void BoundGains(SimplexDictionary basis, Span<double> bounds)
    {
        bounds.Fill(double.NegativeInfinity);
        Array.Clear(margins);
        Array.Clear(priced);
        for (var i = 0; i < size; i++) AddSizes(priced, 1.0, basis.Coefficients(variableRows[i]));
        for (var t = 0; t < size; t++)
        {
            FormColumns(basis, t);
            for (var i = 0; i < size; i++)
            {
                // The largest entry of R in this column bounds what V moves by.
                widest[i] = Math.Abs(inverse[i * blockStride + t]);
            }

            AddSizes(margins, Lanes.LargestMagnitude(widest.AsSpan(0, size)), remnants);
        }

        for (var column = 0; column < basis.Nonbasic.Length; column++)
        {
            if (!basis.CanMove(basis.Nonbasic[column])) continue;
            var rounding = (size + 6) * Unit * (1.0 + priced[column]);
            bounds[column] = 1.1 * (rounding + size * margins[column]);
        }
    }

    /// <summary>Row t of |V|, with what rounding may hide of it.</summary>
    private void FormColumns(SimplexDictionary basis, int t)
    {
        Array.Clear(magnitudes);
        Array.Clear(remnants);
        var row = tightRows[t];
        for (var column = 0; column < basis.Nonbasic.Length; column++)
        {
            var variable = basis.Nonbasic[column];
            if (variable < program.Dimension)
                magnitudes[column] = basis.IsFlipped[variable] ? -program.A[row * stride + variable] : program.A[row * stride + variable];
            else if (variable == program.Dimension + row)
                magnitudes[column] = 1.0;
        }

        magnitudes.CopyTo(remnants, 0);
        for (var j = 0; j < stride; j++) remnants[j] = Math.Abs(remnants[j]);
        for (var i = 0; i < size; i++)
        {
            var factor = block[i * blockStride + t];
            if (factor == 0.0) continue;
            if (basis.IsFlipped[variables[i]]) factor = -factor;
            Add(magnitudes, -factor, basis.Coefficients(variableRows[i]));
            AddSizes(remnants, factor, basis.Coefficients(variableRows[i]));
        }

        for (var j = 0; j < stride; j++) remnants[j] = Math.Abs(magnitudes[j]) + (size + 6) * Unit * remnants[j];
    }
}
