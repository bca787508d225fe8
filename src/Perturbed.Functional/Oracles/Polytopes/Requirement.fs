namespace Perturbed.Functional

open System

/// The rounding error of a point that is a mean of solutions.
[<Struct>]
type internal Allowance =
    {
        /// Relative to the terms of the inequality at hand.
        Relative: float
        /// Relative to the largest entries that solutions have in it: terms that cancel in a mean leave as much.
        OfRange: float
    }

[<RequireQualifiedAccess>]
module internal Allowance =

    /// For means that were computed in double precision.
    let ofDoubles =
        {
            Relative = 1e-9
            OfRange = 2.0 ** -48.0
        }

    /// For points whose entries have a relative error.
    let ofTolerance (tolerance: float) : Allowance =
        {
            Relative = tolerance
            OfRange = tolerance
        }

/// An inequality, value ≤ bound, or an equation that all points of a polytope satisfy, taken at one point.
type internal Requirement =
    {
        /// Σ c_i y_i, or the value of a convex function.
        Value: float
        Bound: float
        /// Σ |c_i y_i| and |bound|.
        Size: float
        /// Σ |c_i| times the largest magnitude of an entry i among solutions, where it is known.
        Range: float
        IsEquation: bool
        /// c where it is not 0, if a point with value = bound is on the boundary unless all points are.
        Terms: (unit -> struct (int * float)[]) voption
        /// How far inside of the bound a point still counts as on the boundary.
        Margin: float
        /// What the value is and what it should be.
        Description: unit -> string
    }

[<RequireQualifiedAccess>]
module internal Requirement =

    /// Whether the point exceeds the bound by more than rounding; an unknown value (NaN) does not.
    let isBroken (allowance: Allowance) (r: Requirement) : bool =
        let excess =
            if r.IsEquation then
                abs (r.Value - r.Bound)
            else
                r.Value - r.Bound

        excess > allowance.Relative * r.Size + allowance.OfRange * r.Range

    /// Σ c_i y_i ≤ bound, or = bound, where no entry of a solution exceeds `range`.
    let linear
        (y: float[])
        (range: float)
        (isEquation: bool)
        (terms: struct (int * float)[])
        (bound: float)
        (describe: float -> string)
        : Requirement =
        let mutable value = 0.0
        let mutable size = abs bound
        let mutable weight = 0.0

        for struct (i, c) in terms do
            value <- value + c * y[i]
            size <- size + abs (c * y[i])
            weight <- weight + abs c

        {
            Value = value
            Bound = bound
            Size = size
            Range = weight * range
            IsEquation = isEquation
            Terms = ValueSome(fun () -> terms)
            Margin = 0.0
            Description = fun () -> describe value
        }

    /// lower ≤ y_i ≤ upper, each with its own range; `description` says what the bounds are.
    let entry (y: float[]) (i: int) (lower: float, below: float) (upper: float, above: float) (description: string) =
        let side (sign: float) (bound: float) (range: float) =
            {
                Value = sign * y[i]
                Bound = sign * bound
                // The entry and the bound alone: far from it the entry's own size would allow too much.
                Size = abs bound
                Range = range
                IsEquation = false
                Terms = ValueSome(fun () -> [| struct (i, sign) |])
                Margin = 0.0
                Description = fun () -> $"entry {i} is {y[i]}; {description}"
            }

        seq {
            side -1.0 lower below

            if upper < infinity then
                side 1.0 upper above
        }

    /// A convex function of y that is at most `bound`; its value has a rounding of 1e-12 of `size`, however far from
    /// the bound.
    let convex (value: float) (bound: float) (size: float) (description: string) : Requirement =
        {
            Value = value
            Bound = bound
            Size = size
            Range = 0.0
            IsEquation = false
            Terms = ValueNone
            Margin = 1e-12 * size
            Description = fun () -> description
        }

    /// Not reported as a part of the boundary: for inequalities that no direction the solver takes can test.
    let notOfBoundary (r: Requirement) : Requirement =
        { r with
            Terms = ValueNone
            Margin = -infinity
        }

    /// The same in a point whose entries are those of another, moved or with their signs changed.
    let mapTerms (index: int -> int) (sign: float) (prefix: string) (r: Requirement) : Requirement =
        { r with
            Terms =
                r.Terms
                |> ValueOption.map (fun terms ->
                    fun () -> terms () |> Array.map (fun struct (i, c) -> struct (index i, sign * c)))
            Description = fun () -> prefix + r.Description()
        }
