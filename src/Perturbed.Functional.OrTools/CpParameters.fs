namespace Perturbed.Functional

open System
open System.Globalization
open Google.OrTools.Sat
open Google.Protobuf.Reflection

/// Options of an oracle in CP-SAT's words. CP-SAT ends the process at a text that it cannot read, so the text is read
/// here first.
module internal CpParameters =

    let private isValue (field: FieldDescriptor) (value: string) : bool =
        match field.FieldType with
        | FieldType.Bool -> value = "true" || value = "false"
        | FieldType.Double
        | FieldType.Float -> fst (Double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture))
        | FieldType.Enum -> not (isNull (field.EnumType.FindValueByName value))
        | FieldType.String -> value.Length >= 2 && value[0] = '"' && value[value.Length - 1] = '"'
        | FieldType.Message -> false
        | _ -> fst (Int32.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))

    let private requireReadable (text: string) : unit =
        for part in text.Split([| ' '; '\n'; '\t' |], StringSplitOptions.RemoveEmptyEntries) do
            let name, value =
                match part.IndexOf ':' with
                | -1 -> part, ""
                | colon -> part.Substring(0, colon), part.Substring(colon + 1)

            match SatParameters.Descriptor.FindFieldByName name with
            | null ->
                invalidArg
                    "Parameters"
                    $"Parameters has '{part}'; name:value was expected, with a name of CP-SAT's parameters."
            | field when not (isValue field value) ->
                invalidArg
                    "Parameters"
                    $"Parameters has '{part}'; the value of {name} is a {field.FieldType}, without blanks."
            | _ -> ()

    let text (options: OrToolsOptions) : string =
        OptionChecks.refuseParameters
            options
            [
                "num_workers", "answers of several workers depend on their timing"
                "num_search_workers", "answers of several workers depend on their timing"
                "max_time_in_seconds", "TimeLimit is for that"
                "max_deterministic_time", "WorkLimit is for that"
                "relative_gap_limit", "RelativeGap is for that"
            ]

        requireReadable options.Parameters

        let number (value: float) =
            value.ToString("R", CultureInfo.InvariantCulture)

        let limit (name: string) (value: float option) =
            value |> Option.map (fun v -> $" {name}:{number v}") |> Option.defaultValue ""

        let gap =
            if options.RelativeGap > 0.0 then
                $" relative_gap_limit:{number options.RelativeGap}"
            else
                ""

        "num_workers:1 random_seed:1"
        + limit "max_time_in_seconds" options.TimeLimit
        + limit "max_deterministic_time" options.WorkLimit
        + gap
        + " "
        + options.Parameters
