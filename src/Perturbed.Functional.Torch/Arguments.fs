namespace Perturbed.Functional

open System

/// Checks of numbers that a user gives: each names the parameter, the value and what was expected.
module internal Arguments =

    let requirePositive (name: string) (value: int) : unit =
        if value < 1 then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1."))

    let requireEpsilon (epsilon: float) : unit =
        if not (Double.IsFinite epsilon && epsilon > 0.0) then
            raise (
                ArgumentOutOfRangeException(
                    nameof epsilon,
                    epsilon,
                    $"epsilon is {epsilon}; it must be positive and finite."
                )
            )
