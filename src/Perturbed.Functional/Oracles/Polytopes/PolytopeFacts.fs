namespace Perturbed.Functional

open System

/// Polytopes whose maximizers have exact expectations under independent noise.
[<RequireQualifiedAccess>]
type internal ClosedForm =
    /// The largest entry.
    | Argmax
    /// The k largest entries.
    | Top of k: int
    /// The permutation of v, ascending, in the order of θ.
    | Ranking of v: float[]
    /// One bound of each coordinate, by the sign of θ.
    | Box of lower: float[] * upper: float[]
    | Unknown

/// What the library knows of a polytope conv(Y): each fact that some part of it asks for.
type internal PolytopeFacts =
    {
        /// The largest entry of a solution where all entries of all solutions are integers ≥ 0; ∞ elsewhere.
        LargestInteger: float
        /// The number of ones of every 0/1 solution, where their indices take less memory than a bit an entry does; 0
        /// elsewhere.
        Ones: int
        /// The inequalities and equations that points of the polytope satisfy, evaluated at a point, in the order of
        /// messages; minimum cuts and eigenvalues are computed when the sequence reaches them.
        Requirements: float[] -> Requirement seq
        /// Whether requirements can be evaluated with NaN for unknown entries: the value is NaN exactly where it needs
        /// one of them.
        AllowsUnknownEntries: bool
        /// Where a point lies that meets all requirements.
        BeyondRequirements: Allowance -> float[] -> Membership
        /// Whether a solution is a vertex.
        IsVertex: float[] -> bool
        /// Whether IOracle.IsSolution allows for no more rounding than the requirements do.
        IsSolutionTestExact: bool
        ClosedForm: ClosedForm
    }

[<RequireQualifiedAccess>]
module internal PolytopeFacts =

    /// The requirements describe the polytope completely.
    let complete: Allowance -> float[] -> Membership = fun _ _ -> Membership.Inside

    /// The requirements are necessary, and nothing more is tried.
    let necessary (tried: string) : Allowance -> float[] -> Membership = fun _ _ -> Membership.Undecided tried

    /// Every solution is a vertex.
    let everySolution: float[] -> bool = fun _ -> true

    /// The facts of a polytope that its requirements describe completely, with solutions that are vertices and need not
    /// be integers, and without a closed form.
    let describedBy (requirements: float[] -> Requirement seq) : PolytopeFacts =
        {
            LargestInteger = infinity
            Ones = 0
            Requirements = requirements
            AllowsUnknownEntries = false
            BeyondRequirements = complete
            IsVertex = everySolution
            IsSolutionTestExact = true
            ClosedForm = ClosedForm.Unknown
        }

    /// The largest of the entries where all are integers ≥ 0; ∞ elsewhere.
    let largestInteger (entries: float seq) : float =
        if entries |> Seq.forall (fun x -> x >= 0.0 && x = Math.Floor x) then
            Seq.fold max 0.0 entries
        else
            infinity

    let isBinary (y: float[]) : bool =
        y |> Array.forall (fun entry -> entry = 0.0 || entry = 1.0)

    /// A point of integers in a hull of solutions of integers: the oracle's own test decides it.
    let ofSolutions (what: string) (oracle: IOracle) (y: float[]) : Membership =
        if oracle.IsSolution(ReadOnlySpan y) then
            Membership.Inside
        else
            Membership.Outside $"its entries are whole numbers, but they mark no {what}"

    /// A 0/1 point in a hull of 0/1 points is one of them, which the oracle tells; of others the rest is asked.
    let binaryOr
        (what: string)
        (oracle: unit -> IOracle)
        (rest: Allowance -> float[] -> Membership)
        : Allowance -> float[] -> Membership =
        fun allowance y ->
            if isBinary y then
                ofSolutions what (oracle ()) y
            else
                rest allowance y

    /// Where a point, finite and of the polytope's dimension, lies.
    let membership (allowance: Allowance) (y: float[]) (facts: PolytopeFacts) : Membership =
        match facts.Requirements y |> Seq.tryFind (Requirement.isBroken allowance) with
        | Some broken -> Membership.Outside(broken.Description())
        | None -> facts.BeyondRequirements allowance y
