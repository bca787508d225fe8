namespace Perturbed.Functional

open System

/// How a solve of OR-Tools ended.
type SolveStatus =
    /// The answer is proved best, to the tolerance of the solver.
    | Optimal = 0
    /// A limit ended the solve; the answer is the best that was found.
    | Feasible = 1
    /// There is no solution.
    | Infeasible = 2
    /// ⟨y, θ⟩ has no maximum.
    | Unbounded = 3
    /// A limit ended the solve before a solution was proved best, or found.
    | TimedOut = 4
    /// The solver gave up.
    | Failed = 5

/// One solve, as a listener sees it.
type SolveReport =
    {
        /// The instance whose θ was perturbed: the number of its row.
        Row: int64
        /// How it ended.
        Status: SolveStatus
        /// ⟨y, θ⟩ of the answer, and what the model adds for other variables; NaN where there is no answer.
        Value: float
        /// The solver's bound on that value; NaN where it gives none.
        Bound: float
        /// Wall-clock time in seconds.
        Seconds: float
    }

    /// Bound − Value; NaN where one of them is not known.
    member this.Gap: float = this.Bound - this.Value

/// Where a solve starts.
[<RequireQualifiedAccess>]
type SolveStart =
    /// From nothing: the answer is a function of θ alone.
    | FromNothing
    /// From the solution at the unperturbed θ of the row, as a hint: the answer is a function of θ and of the row. Of
    /// several best solutions the hint may decide, which <c>Oracle.check</c> reports where it meets ties.
    | FromUnperturbed

/// <summary>How the models of an oracle are solved. What is not said is in <c>OrToolsOptions.Default</c>.</summary>
type OrToolsOptions =
    {
        /// Seconds of wall-clock time a solve; the oracle then counts as not reproducible (<c>IsReproducible</c>).
        TimeLimit: float option
        /// A limit that is the same on every machine, in the solver's unit: deterministic time for CP-SAT and GLOP,
        /// nodes for SCIP, solutions for routing.
        WorkLimit: float option
        /// Solutions within this share of the bound count as best; 0 asks for a proof.
        RelativeGap: float
        /// Whether a solve that a limit ended answers with the best solution found; otherwise it is an error.
        KeepFeasible: bool
        /// Where a solve starts.
        Start: SolveStart
        /// The size, in bits, of the whole numbers that CP-SAT, flows and routing get for the entries of θ: from 1 to
        /// 52. The largest entry takes them all.
        ObjectiveBits: int
        /// Further parameters, in the solver's own text.
        Parameters: string
        /// Told of each solve, on the thread that solved.
        OnSolve: (SolveReport -> unit) option
    }

    /// No limit, no gap, from nothing, 40 bits.
    static member Default: OrToolsOptions =
        {
            TimeLimit = None
            WorkLimit = None
            RelativeGap = 0.0
            KeepFeasible = false
            Start = SolveStart.FromNothing
            ObjectiveBits = 40
            Parameters = ""
            OnSolve = None
        }

module internal OptionChecks =

    let check (options: OrToolsOptions) : unit =
        options.TimeLimit |> Option.iter (Check.positive "TimeLimit")
        options.WorkLimit |> Option.iter (Check.positive "WorkLimit")
        Check.notNegative "RelativeGap" options.RelativeGap
        Check.notNull "Parameters" options.Parameters

        if options.ObjectiveBits < 1 || options.ObjectiveBits > 52 then
            let bits = options.ObjectiveBits
            raise (ArgumentOutOfRangeException("ObjectiveBits", bits, $"ObjectiveBits is {bits}; it must be 1 to 52."))

    /// Options that a solver has no counterpart of.
    let refuse (solver: string) (option: string) (isSet: bool) : unit =
        if isSet then
            invalidArg option $"{option} is set; {solver} has no such option."

    /// Parameters that would make answers depend on more than θ.
    let refuseParameters (options: OrToolsOptions) (names: (string * string) list) : unit =
        for name, instead in names do
            if options.Parameters.Contains(name, StringComparison.Ordinal) then
                invalidArg "Parameters" $"Parameters sets {name}; {instead}."

    /// An answer that is the best one only as far as a gap or a limit allows is compared with no other.
    let isHeuristic (options: OrToolsOptions) : bool =
        options.RelativeGap > 0.0 || options.KeepFeasible
