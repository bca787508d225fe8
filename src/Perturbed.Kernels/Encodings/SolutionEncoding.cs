namespace Perturbed.Kernels;

/// <summary>How solutions are kept between two passes.</summary>
public enum SolutionEncoding
{
    /// <summary>As they are, 64 bits an entry.</summary>
    Numbers,

    /// <summary>Integers from 0 to 65535, 16 bits an entry.</summary>
    Integers,

    /// <summary>0 or 1, one bit an entry.</summary>
    Bits,

    /// <summary>A given number of ones among zeros: their indices in ascending order, 32 bits each.</summary>
    Indices,
}
