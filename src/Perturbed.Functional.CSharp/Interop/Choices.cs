using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Choices on their way between the enums of the facade and the unions of the core.</summary>
internal static class Choices
{
    public static VarianceReduction ToCore(this VarianceReductionKind kind, string name) => kind switch
    {
        VarianceReductionKind.None => VarianceReduction.None,
        VarianceReductionKind.Baseline => VarianceReduction.Baseline,
        VarianceReductionKind.LeaveOneOut => VarianceReduction.LeaveOneOut,
        _ => throw Undefined(kind, name),
    };

    public static DerivativeFormula ToCore(this DerivativeFormulaKind kind, string name) => kind switch
    {
        DerivativeFormulaKind.OfMaximizer => DerivativeFormula.OfMaximizer,
        DerivativeFormulaKind.OfMaximum => DerivativeFormula.OfMaximum,
        _ => throw Undefined(kind, name),
    };

    public static Goal ToCore(this GoalKind kind, string name) => kind switch
    {
        GoalKind.Maximise => Goal.Maximise,
        GoalKind.Minimise => Goal.Minimise,
        _ => throw Undefined(kind, name),
    };

    public static NonFinite ToCore(this NonFiniteKind kind, string name) => kind switch
    {
        NonFiniteKind.Reject => NonFinite.Reject,
        NonFiniteKind.Keep => NonFinite.Keep,
        _ => throw Undefined(kind, name),
    };

    public static EpochDecision ToCore(this EpochDecisionKind kind, string name) => kind switch
    {
        EpochDecisionKind.Continue => EpochDecision.Continue,
        EpochDecisionKind.Stop => EpochDecision.Stop,
        _ => throw Undefined(kind, name),
    };

    public static VarianceReductionKind ToKind(this VarianceReduction core) =>
        core.IsNone ? VarianceReductionKind.None : core.IsBaseline ? VarianceReductionKind.Baseline : VarianceReductionKind.LeaveOneOut;

    public static EndingKind ToKind(this Ending core) =>
        core.IsCompleted ? EndingKind.Completed : core.IsStoppedEarly ? EndingKind.StoppedEarly : EndingKind.Cancelled;

    // The enum is written in the order of the union; a test holds them together.
    public static ModelFormKind ToKind(this ModelForm core) => (ModelFormKind)core.Tag;

    // The enum is written in the order of the union; a test holds them together.
    public static ContractRuleKind ToKind(this OracleRule core) => (ContractRuleKind)core.Tag;

    private static ArgumentOutOfRangeException Undefined<TKind>(TKind kind, string name) where TKind : struct, Enum =>
        new(name, kind, $"{name} is {kind}; a member of {typeof(TKind).Name} was expected.");
}
