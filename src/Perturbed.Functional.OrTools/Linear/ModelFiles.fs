namespace Perturbed.Functional

open System.IO
open Google.OrTools.ModelBuilder

/// Programs in files.
module internal ModelFiles =

    let private text (path: string) : string =
        Check.notNull (nameof path) path

        if not (File.Exists path) then
            raise (FileNotFoundException($"There is no file '{path}'.", path))

        File.ReadAllText path

    let private read (what: string) (expected: string) (import: Model -> string -> bool) (path: string) : Model =
        let model = Model()

        if not (import model (text path)) then
            raise (InvalidDataException $"'{path}' is no {what} file that OR-Tools reads: {expected} was expected.")

        if model.VariablesCount() = 0 then
            raise (InvalidDataException $"'{path}' has no variables: {expected} was expected.")

        model

    let ofMps (path: string) : Model =
        read
            "MPS"
            "free or fixed MPS, with the sections NAME, ROWS, COLUMNS, RHS, BOUNDS and ENDATA,"
            (fun model text -> model.ImportFromMpsString text)
            path

    let ofLp (path: string) : Model =
        read
            "LP"
            "a form of LP near lp_solve's, such as `max: 3x + 2y; c1: x + y <= 4; x >= 0;`,"
            (fun model text -> model.ImportFromLpString text)
            path
