namespace Perturbed.Functional

open System
open Google.OrTools.Sat

/// What an oracle needs to know of a CP-SAT model.
type internal CpModelData =
    {
        Model: CpModelProto
        /// The numbers of the variables of y.
        Y: int[]
        /// Other variables that the model's objective rewards, and their gains.
        Others: int[]
        OtherGains: float[]
        /// Σ max |x| over the variables of y and the others.
        Sizes: float
        /// How far apart the others of two solutions may be, in all.
        Ranges: float
    }

module internal CpModelData =

    let private lower (x: IntegerVariableProto) : float = float x.Domain[0]
    let private upper (x: IntegerVariableProto) : float = float x.Domain[x.Domain.Count - 1]
    let private size (x: IntegerVariableProto) : float = max (abs (lower x)) (abs (upper x))

    // The objective of the model as gains to maximise; a constant in it decides nothing.
    let private gains (model: CpModelProto) : (int * float) seq =
        match model.FloatingPointObjective, model.Objective with
        | null, null -> Seq.empty
        | null, whole ->
            // A model that maximises has a negative factor, and coefficients of the opposite sign.
            let factor =
                if whole.ScalingFactor = 0.0 then
                    1.0
                else
                    abs whole.ScalingFactor

            Seq.map2 (fun x c -> x, -factor * float (c: int64)) whole.Vars whole.Coeffs
        | real, _ ->
            let sign = if real.Maximize then 1.0 else -1.0
            Seq.map2 (fun x c -> x, sign * c) real.Vars real.Coeffs

    let private requireMember (model: CpModelProto) (i: int) (x: IntVar) : int =
        Check.notNull $"variables[{i}]" x

        if
            x.Index < 0
            || x.Index >= model.Variables.Count
            || not (obj.ReferenceEquals(x.Proto, model.Variables[x.Index]))
        then
            invalidArg "variables" $"variables[{i}] ('{x.Name()}') is no variable of the model."

        x.Index

    let create (variables: IntVar seq) (model: CpModel) : CpModelData =
        Check.notNull (nameof variables) variables
        Check.notNull (nameof model) model
        let y = variables |> Seq.mapi (requireMember model.Model) |> Array.ofSeq

        match y |> Array.countBy id |> Array.tryFind (fun (_, count) -> count > 1) with
        | Some(i, _) ->
            invalidArg (nameof variables) $"Variable {i} ('{model.Model.Variables[i].Name}') stands in variables twice."
        | None -> ()

        let inY = Set.ofArray y

        let others =
            gains model.Model
            |> Seq.filter (fun (x, gain) -> gain <> 0.0 && not (inY.Contains x))
            |> Seq.groupBy fst
            |> Seq.map (fun (x, terms) -> x, terms |> Seq.sumBy snd)
            |> Array.ofSeq

        let copy = model.Model.Clone()
        copy.Objective <- null
        copy.FloatingPointObjective <- null
        let fault = CpSatHelper.ValidateModel copy

        if fault <> "" then
            invalidArg (nameof model) $"CP-SAT does not accept the model: {fault}"

        let variable (i: int) = copy.Variables[i]

        {
            Model = copy
            Y = y
            Others = Array.map fst others
            OtherGains = Array.map snd others
            Sizes = Seq.append y (Array.map fst others) |> Seq.sumBy (variable >> size)
            Ranges = others |> Array.sumBy (fun (x, _) -> upper (variable x) - lower (variable x))
        }
