using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Gamma variates of one shape and scale 1, as functions of the counter.</summary>
/// <remarks>
/// Marsaglia and Tsang's rejection (ACM TOMS 26, 2000) at the shape a, or at a + 1 with a factor U^(1/a) where a is
/// below 1. A candidate is rejected with probability below 0.05. Number n's variate v takes its uniforms from the
/// Philox blocks number n whose last counter word is GammaDomain + 256v + w: w = 0 for the factor, w = 2j + 1 for the
/// pair of normal numbers of the candidates 2j and 2j + 1, w = 2j + 2 for the uniforms that decide on them. Eight
/// numbers are drawn together, and each keeps its own first accepted candidate.
/// </remarks>
internal readonly struct GammaVariates
{
    private const uint LastDraw = 255;
    private readonly double d, c, inverseShape;
    private readonly bool boosted;

    internal GammaVariates(double shape)
    {
        boosted = shape < 1;
        inverseShape = 1 / shape;
        d = (boosted ? shape + 1 : shape) - 1.0 / 3;
        c = 1 / (3 * Math.Sqrt(d));
    }

    /// <summary>
    /// The variates number <paramref name="variate"/> of the numbers <paramref name="block"/> …
    /// <paramref name="block"/> + 7.
    /// </summary>
    internal Vector512<double> Of(ref readonly PhiloxLanes lanes, ulong block, uint variate)
    {
        var start = Philox.GammaDomain + (variate << 8);
        // All 254 candidates of a number are rejected with a probability below 1e-300; it would then be d, the mode.
        var gamma = Vector512.Create(d);
        var pending = Vector512<double>.AllBitsSet;
        for (var draw = 1u; draw < LastDraw; draw += 2)
        {
            lanes.Uniforms(block, Vector512.Create((ulong)(start + draw)), out var u1, out var u2);
            BoxMuller.Pair(u1, u2, out var x1, out var x2);
            lanes.Uniforms(block, Vector512.Create((ulong)(start + draw + 1)), out var v1, out var v2);
            Consider(x1, v1, ref gamma, ref pending);
            if (pending.AsUInt64() == Vector512<ulong>.Zero) break;
            Consider(x2, v2, ref gamma, ref pending);
            if (pending.AsUInt64() == Vector512<ulong>.Zero) break;
        }
        if (!boosted) return gamma;
        lanes.Uniforms(block, Vector512.Create((ulong)start), out var u, out _);
        return gamma * Elementary.Exp(Vector512.Create(inverseShape) * Elementary.Log(u));
    }

    /// <summary>
    /// v = (1 + cx)³ is accepted if v is positive and log u is below x²/2 + d − dv + d log v, which u below 1 −
    /// 0.0331x⁴ implies; the variate is dv.
    /// </summary>
    private void Consider(Vector512<double> x, Vector512<double> u, ref Vector512<double> gamma, ref Vector512<double> pending)
    {
        var root = Vector512.FusedMultiplyAdd(Vector512.Create(c), x, Vector512<double>.One);
        var positive = Vector512.GreaterThan(root, Vector512<double>.Zero);
        var v = Vector512.ConditionalSelect(positive, root * root * root, Vector512<double>.One);
        var scaled = Vector512.Create(d) * v;
        var square = x * x;
        var accepted = Vector512.LessThan(
            u, Vector512.FusedMultiplyAdd(square * square, Vector512.Create(-0.0331), Vector512<double>.One));
        // A branch, because the logarithms cost more than the rest, and half of the time no lane needs them.
        if (Vector512.AndNot(pending & positive, accepted).AsUInt64() != Vector512<ulong>.Zero)
        {
            var bound = Vector512.FusedMultiplyAdd(
                Vector512.Create(d), Elementary.Log(v), Vector512.Create(0.5) * square + (Vector512.Create(d) - scaled));
            accepted |= Vector512.LessThan(Elementary.Log(u), bound);
        }
        var taken = accepted & positive & pending;
        gamma = Vector512.ConditionalSelect(taken, scaled, gamma);
        pending = Vector512.AndNot(pending, taken);
    }
}
