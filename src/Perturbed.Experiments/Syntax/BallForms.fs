namespace Perturbed.Experiments

open Perturbed.Functional

/// Boxes and the balls of atomic norms.
[<RequireQualifiedAccess>]
module BallForms =

    let private radius (name: string) (text: string) : float =
        if text = "" then
            1.0
        else
            NumberSyntax.positive $"the radius of {name}" text

    let private box (text: string) (dimension: int) : Oracle =
        match text.Split '/' with
        | [| "" |] -> Oracle.unitBox dimension
        | [| lower; upper |] ->
            let bound (which: string) (bound: string) =
                Array.create dimension (NumberSyntax.number $"the {which} bound of box" bound)

            Oracle.box (bound "lower" lower) (bound "upper" upper)
        | parts -> Input.fail $"oracle 'box:{text}': {parts.Length} bounds; two were expected, as in box:-1/1."

    let private group (text: string) : Oracle =
        let parts = text.Split '/'

        if parts.Length < 2 then
            Input.fail $"oracle 'group:{text}': groups and a radius were expected, as in group:0/0/1/1/2.5."

        let groups =
            parts[.. parts.Length - 2]
            |> Array.map (NumberSyntax.count 0 "a group of group")

        Oracle.groupBall groups (radius "group" parts[parts.Length - 1])

    let private nuclear (text: string) : Oracle =
        let size, rest = NameAndParameters.splitAt '/' text
        let rows, columns = NameAndParameters.sides "nuclear" size
        Oracle.nuclearBall (radius "nuclear" rest) rows columns

    /// The forms, in the order of the help.
    let all: OracleForm list =
        [
            OracleForm.ofAnyDimension "box" "[L/U]" "the box 0 <= y <= 1, or L <= y <= U, as box:-1/2" box
            OracleForm.ofAnyDimension "sign" "" "1 where theta > 0, -1 elsewhere" (fun _ -> Oracle.sign)
            OracleForm.ofAnyDimension
                "l1"
                "[R]"
                "the l1 ball: +-R at the largest |theta|; R is 1 if left out"
                (radius "l1" >> Oracle.l1Ball)
            OracleForm.ofOwnDimension
                "group"
                "G/../G/R"
                "the group-lasso ball: the group of each entry, then R, as group:0/0/1/1/2.5"
                group
            OracleForm.ofOwnDimension
                "nuclear"
                "RxC[/R]"
                "the nuclear-norm ball of matrices, theta row by row; its radius is 1 if left out"
                nuclear
            OracleForm.ofOwnDimension
                "spectraplex"
                "N"
                "positive semidefinite N x N matrices of trace 1, theta row by row"
                (NumberSyntax.count 1 "the order of spectraplex" >> Oracle.spectraplex)
        ]
