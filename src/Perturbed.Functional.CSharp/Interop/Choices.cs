using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Choices on their way between the enums of the facade and the unions of the core.</summary>
internal static class Choices
{
    public static Functional.VarianceReduction ToCore(this VarianceReduction kind, string name) => kind switch
    {
        VarianceReduction.None => Functional.VarianceReduction.None,
        VarianceReduction.Baseline => Functional.VarianceReduction.Baseline,
        VarianceReduction.LeaveOneOut => Functional.VarianceReduction.LeaveOneOut,
        _ => throw Undefined(kind, name),
    };

    public static Functional.DerivativeFormula ToCore(this DerivativeFormula kind, string name) => kind switch
    {
        DerivativeFormula.OfMaximizer => Functional.DerivativeFormula.OfMaximizer,
        DerivativeFormula.OfMaximum => Functional.DerivativeFormula.OfMaximum,
        _ => throw Undefined(kind, name),
    };

    public static Functional.Goal ToCore(this Goal kind, string name) => kind switch
    {
        Goal.Maximise => Functional.Goal.Maximise,
        Goal.Minimise => Functional.Goal.Minimise,
        _ => throw Undefined(kind, name),
    };

    public static Functional.NonFinite ToCore(this NonFinite kind, string name) => kind switch
    {
        NonFinite.Reject => Functional.NonFinite.Reject,
        NonFinite.Keep => Functional.NonFinite.Keep,
        _ => throw Undefined(kind, name),
    };

    public static Functional.EpochDecision ToCore(this EpochDecision kind, string name) => kind switch
    {
        EpochDecision.Continue => Functional.EpochDecision.Continue,
        EpochDecision.Stop => Functional.EpochDecision.Stop,
        _ => throw Undefined(kind, name),
    };

    public static VarianceReduction ToKind(this Functional.VarianceReduction core) =>
        core.IsNone ? VarianceReduction.None : core.IsBaseline ? VarianceReduction.Baseline : VarianceReduction.LeaveOneOut;

    public static Ending ToKind(this Functional.Ending core) =>
        core.IsCompleted ? Ending.Completed : core.IsStoppedEarly ? Ending.StoppedEarly : Ending.Cancelled;

    // The enum is written in the order of the union; a test holds them together.
    public static ModelForm ToKind(this Functional.ModelForm core) => (ModelForm)core.Tag;

    // The enum is written in the order of the union; a test holds them together.
    public static OracleRule ToKind(this Functional.OracleRule core) => (OracleRule)core.Tag;

    private static ArgumentOutOfRangeException Undefined<TKind>(TKind kind, string name) where TKind : struct, Enum =>
        new(name, kind, $"{name} is {kind}; a member of {typeof(TKind).Name} was expected.");
}
