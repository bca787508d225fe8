namespace Perturbed.Functional.CSharp.Interop;

/// <summary>Values of the facade as those of the core, for libraries that take both, such as adapters to another
/// library's automatic differentiation.</summary>
/// <remarks>It stands in a namespace of its own, so that what C# opens shows no type of F#.</remarks>
public static class CoreValues
{
    /// <summary>The operator of the core behind one of the facade.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The operator itself, with all its options.</returns>
    /// <exception cref="System.ArgumentNullException">A null operator.</exception>
    public static Functional.Smoothed ToCore(this Smoothed smoothed) => Crossing.NotNull(smoothed).Core;

    /// <summary>The operator of the facade on one of the core.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The same operator, with all its options.</returns>
    /// <exception cref="System.ArgumentNullException">A null operator.</exception>
    public static Smoothed ToFacade(this Functional.Smoothed smoothed) => new(Crossing.NotNull(smoothed));

    /// <summary>The oracle of the facade on one of the core.</summary>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The same oracle.</returns>
    /// <exception cref="System.ArgumentNullException">A null oracle.</exception>
    public static Oracle ToFacade(this Functional.Oracle oracle) => new(Crossing.NotNull(oracle));

    /// <summary>The oracle of the core behind one of the facade.</summary>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The oracle itself.</returns>
    /// <exception cref="System.ArgumentNullException">A null oracle.</exception>
    public static Functional.Oracle ToCore(this Oracle oracle) => Crossing.NotNull(oracle).Core;

    /// <summary>The sampling design of the core behind one of the facade.</summary>
    /// <param name="sampling">The design.</param>
    /// <returns>The design itself.</returns>
    /// <exception cref="System.ArgumentNullException">A null design.</exception>
    public static Functional.SamplingDesign ToCore(this SamplingDesign sampling) => Crossing.NotNull(sampling).Core;
}
