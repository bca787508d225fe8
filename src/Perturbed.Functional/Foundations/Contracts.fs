/// The types that F# and C# share, defined below the core in the namespace that C# opens: the same types under the
/// same names.
namespace Perturbed.Functional

/// The root of a random stream: every number drawn is a function of (key, batch row, sample, coordinate) and of
/// nothing else.
type Key = Perturbed.Functional.CSharp.Key

/// A noise distribution μ on R^d with density proportional to exp(−ν(z)).
type INoise = Perturbed.Functional.CSharp.INoise

/// A noise whose coordinates are independent and share one law on the line with a known density and distribution
/// function.
type ICoordinateLaw = Perturbed.Functional.CSharp.ICoordinateLaw

/// A noise whose coordinates are independent and share one law on the line with a known quantile function.
type IQuantileLaw = Perturbed.Functional.CSharp.IQuantileLaw

/// A noise Z = L·X that is a linear image of a noise X with independent coordinates, as a correlated normal law is.
type ILinearImage = Perturbed.Functional.CSharp.ILinearImage

/// A discrete solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩: always maximisation.
type IOracle = Perturbed.Functional.CSharp.IOracle

/// The working half of an IOracle: solves rows with scratch memory of its own, one thread at a time.
type ISolver = Perturbed.Functional.CSharp.ISolver

/// An oracle failed: it threw, or answered with a wrong length or a value that is not finite.
type OracleException = Perturbed.Functional.CSharp.OracleException

/// Why a solve has no answer.
type SolveFailure = Perturbed.Functional.CSharp.SolveFailure

/// A solver has no answer for a θ: what it throws so that the sample, and nothing else, counts as failed.
type SolveFailedException = Perturbed.Functional.CSharp.SolveFailedException

/// A function of one row that writes into memory of the caller, so that a call need not allocate.
type SpanFunction = Perturbed.Functional.CSharp.SpanFunction

/// The steps that a path on a grid may take.
type GridMoves = Perturbed.Functional.CSharp.GridMoves

/// What to do about cells of negative cost, θ > 0, where a walk could come back to them for ever.
type NegativeCosts = Perturbed.Functional.CSharp.NegativeCosts

/// What to do about edges of negative cost, θ > 0, in a directed graph with cycles.
type NegativeEdges = Perturbed.Functional.CSharp.NegativeEdges

/// An undirected graph: nodes 0 to n − 1 and a list of edges, whose order is the order of θ. Immutable; built once and
/// shared by oracles.
type Graph = Perturbed.Functional.CSharp.Graph

/// A directed graph: nodes 0 to n − 1 and a list of edges, whose order is the order of θ. Immutable; built once and
/// shared by oracles.
type Digraph = Perturbed.Functional.CSharp.Digraph

/// What a spanning forest oracle answers with.
type ForestOutput = Perturbed.Functional.CSharp.ForestOutput

/// What is known of clusters: pairs of nodes that belong together, and pairs that do not. Immutable.
type LinkConstraints = Perturbed.Functional.CSharp.LinkConstraints

/// Which part of two sequences an alignment covers.
type AlignmentKind = Perturbed.Functional.CSharp.AlignmentKind

/// One step of an alignment.
type AlignmentStep = Perturbed.Functional.CSharp.AlignmentStep

/// An alignment of two sequences: where it starts in each, and its steps.
type AlignmentPath = Perturbed.Functional.CSharp.AlignmentPath
