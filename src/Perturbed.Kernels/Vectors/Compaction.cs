using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Perturbed.Kernels;

/// <summary>Writes the chosen lanes of a vector side by side.</summary>
/// <remarks>
/// Where the processor does it in one instruction there is no branch on what is chosen, which cannot be predicted.
/// </remarks>
internal static class Compaction
{
    /// <summary>Whether the processor has the instruction.</summary>
    internal static bool IsFast => Avx512F.IsSupported;

    /// <summary>
    /// Writes the lanes of <paramref name="v"/> whose lanes of <paramref name="mask"/> are all ones at
    /// <paramref name="target"/>, of at least sixteen lanes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Write(Vector512<int> v, Vector512<int> mask, ref int target)
    {
        if (Avx512F.IsSupported) Avx512F.Compress(Vector512<int>.Zero, mask, v).StoreUnsafe(ref target);
        else WriteOneByOne(v, mask, ref target);
    }

    /// <summary>How many lanes are chosen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Count(Vector512<int> mask) => BitOperations.PopCount(mask.ExtractMostSignificantBits());

    private static void WriteOneByOne(Vector512<int> v, Vector512<int> mask, ref int target)
    {
        var n = 0;
        for (var bits = mask.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            Unsafe.Add(ref target, n++) = v[BitOperations.TrailingZeroCount(bits)];
    }
}
