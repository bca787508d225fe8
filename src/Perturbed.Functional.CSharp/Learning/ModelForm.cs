namespace Perturbed.Functional.CSharp;

/// <summary>What a model computes, in a form that a file can store.</summary>
public enum ModelForm
{
    /// <summary>θ = xᵀ W.</summary>
    Linear,

    /// <summary>θ = xᵀ W + b.</summary>
    Affine,

    /// <summary>One weight vector for the features of each label, θ_l = ⟨x_l, w⟩.</summary>
    Shared,

    /// <summary>Dense layers with rectifiers between them, and the widths of the hidden ones.</summary>
    Perceptron,

    /// <summary>A model of one's own, or one that is followed by a map.</summary>
    Own,
}
