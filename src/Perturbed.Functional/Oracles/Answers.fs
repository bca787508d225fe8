namespace Perturbed.Functional

open System

/// What a user's solver answered, validated.
module internal Answers =

    /// An error where an entry of the answers, n × k, is not a number of moderate size.
    let require (name: string) (row: int64) (k: int) (answers: ReadOnlySpan<float>) : unit =
        for i in 0 .. answers.Length - 1 do
            if not (abs answers[i] <= Check.largest) then
                let expected =
                    if Double.IsFinite answers[i] then
                        $"of size {Check.largest} at most"
                    else
                        "finite"

                raise (
                    OracleException(
                        name,
                        row,
                        $"entry {i % k} of its answer is {answers[i]}; every entry must be {expected}."
                    )
                )

    /// ⟨y, θ⟩ of each row where values are wanted.
    let values
        (name: string)
        (row: int64)
        (d: int)
        (thetas: ReadOnlySpan<float>)
        (answers: ReadOnlySpan<float>)
        (values: Span<float>)
        : unit =
        for m in 0 .. values.Length - 1 do
            let mutable total = 0.0

            for i in 0 .. d - 1 do
                total <- total + answers[m * d + i] * thetas[m * d + i]

            if not (Double.IsFinite total) then
                raise (OracleException(name, row, $"its value ⟨y, θ⟩ is {total}; a finite number was expected."))

            values[m] <- total
