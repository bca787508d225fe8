namespace Perturbed.Experiments

open System
open System.Globalization
open Spectre.Console
open Spectre.Console.Rendering

/// Standard output cannot be written: a full disk, a closed stream.
type OutputException(inner: exn) =
    inherit
        Exception(
            (match inner with
             | :? UnauthorizedAccessException -> "standard output: it is closed or cannot be written."
             | _ -> $"standard output: {inner.Message}"),
            inner
        )

/// Where answers, notes and progress go: answers to standard output, all else to standard error.
[<RequireQualifiedAccess>]
module Terminal =

    // Without a terminal there is no width to keep to, and a table broken to 80 columns helps no reader of a file.
    let private unboundedWidth = 240

    let private consoleOf (writer: IO.TextWriter) (isRedirected: bool) : IAnsiConsole =
        let settings = AnsiConsoleSettings(Out = AnsiConsoleOutput writer)

        if isRedirected then
            settings.Ansi <- AnsiSupport.No
            settings.ColorSystem <- ColorSystemSupport.NoColors

        let console = AnsiConsole.Create settings

        if isRedirected then
            console.Profile.Width <- unboundedWidth

        console

    // A full disk or a closed stream is told from a file of the user that cannot be read.
    let private writing (write: unit -> unit) : unit =
        try
            write ()
            Console.Out.Flush()
        with
        | :? IO.IOException
        | :? UnauthorizedAccessException as error -> raise (OutputException error)

    /// <summary>Writes a line to standard output.</summary>
    /// <param name="text">The line.</param>
    /// <exception cref="T:Perturbed.Experiments.OutputException">It cannot be written.</exception>
    let writeLine (text: string) : unit =
        writing (fun () -> Console.Out.WriteLine(Printable.lines text))

    /// <summary>Writes tables and texts to standard output, below each other.</summary>
    /// <param name="parts">What Spectre.Console renders.</param>
    /// <exception cref="T:Perturbed.Experiments.OutputException">It cannot be written.</exception>
    let show (parts: IRenderable seq) : unit =
        writing (fun () ->
            let console = consoleOf Console.Out Console.IsOutputRedirected

            for part in parts do
                console.Write part
                console.WriteLine())

    /// <summary>Writes lines to standard error, or nowhere where that is closed or full: a note must not end the
    /// work.</summary>
    /// <param name="text">The lines.</param>
    let note (text: string) : unit =
        try
            Console.Error.WriteLine(Printable.lines text)
        with
        | :? IO.IOException
        | :? UnauthorizedAccessException -> ()

    /// <summary>Lines of plain text, to be shown.</summary>
    /// <param name="text">The text; brackets are no markup.</param>
    /// <returns>A renderable.</returns>
    let line (text: string) : IRenderable = Text(Printable.lines text)

    let private cell (text: string) : IRenderable = Text(Printable.line text)

    /// <summary>A text in one line as Spectre.Console's markup.</summary>
    /// <param name="text">The text; brackets are no markup.</param>
    /// <returns>Markup that shows it.</returns>
    let markup (text: string) : string = Markup.Escape(Printable.line text)

    /// <summary>A table of texts: the first column flush left, the others flush right.</summary>
    /// <param name="title">Above the table; "" for none.</param>
    /// <param name="columns">Headings; empty ones where none is wanted.</param>
    /// <param name="rows">Rows of cells, as many as headings.</param>
    /// <returns>A renderable.</returns>
    let table (title: string) (columns: string list) (rows: string list seq) : IRenderable =
        let table = Table(Border = TableBorder.Rounded)

        if title <> "" then
            table.Title <- TableTitle(markup title)

        columns
        |> List.iteri (fun i heading ->
            let column = TableColumn(cell heading)
            column.Alignment <- Justify.Left

            if i > 0 then
                column.Alignment <- Justify.Right

            column.NoWrap <- true
            table.AddColumn column |> ignore)

        for row in rows do
            row |> List.map cell |> table.AddRow |> ignore

        table

    /// <summary>A number for a table: six significant digits, - where it is NaN.</summary>
    /// <param name="value">The number.</param>
    /// <returns>A text in the invariant culture.</returns>
    let number (value: float) : string =
        if Double.IsNaN value then
            "-"
        else
            value.ToString("G6", CultureInfo.InvariantCulture)

    /// <summary>Standard error as Spectre.Console sees it.</summary>
    /// <returns>A console; plain where standard error is no terminal.</returns>
    let errorConsole () : IAnsiConsole =
        consoleOf Console.Error Console.IsErrorRedirected

    /// <summary>Works with a progress bar on standard error, or without one where standard error is not a
    /// terminal.</summary>
    /// <param name="title">What the bar is called.</param>
    /// <param name="total">How many steps the bar has.</param>
    /// <param name="work">Given the function that says a number of steps is done, safe to call from any thread, and
    /// one that changes the title.</param>
    /// <returns>What the work gives.</returns>
    let withProgress (title: string) (total: int) (work: (float -> unit) -> (string -> unit) -> 'result) : 'result =
        if Console.IsErrorRedirected then
            work ignore ignore
        else
            let progress = (consoleOf Console.Error false).Progress()
            progress.AutoClear <- true

            progress.Start(fun context ->
                let task = context.AddTask(markup title, true, float total)

                work (fun steps -> task.Increment steps) (fun name -> task.Description <- markup name))

    /// <summary>Works with a spinner on standard error, or without one where standard error is not a
    /// terminal.</summary>
    /// <param name="title">What is going on.</param>
    /// <param name="work">The work.</param>
    /// <returns>What the work gives.</returns>
    let withSpinner (title: string) (work: unit -> 'result) : 'result =
        if Console.IsErrorRedirected then
            work ()
        else
            (consoleOf Console.Error false).Status().Start(markup title, fun _ -> work ())

    /// <summary>Works with a bar on standard error that shows how far each pass of an operator is, or without one where
    /// standard error is not a terminal.</summary>
    /// <param name="title">What is going on.</param>
    /// <param name="work">Given the listener of the operator.</param>
    /// <returns>What the work gives.</returns>
    let withSolves (title: string) (work: IProgress<Perturbed.Functional.SolveProgress> -> 'result) : 'result =
        withProgress title 100 (fun advance rename ->
            let gate = obj ()
            let shown = ref 0.0

            let show (state: Perturbed.Functional.SolveProgress) : unit =
                lock gate (fun () ->
                    // A full bar would count as finished, and each pass begins anew.
                    let percent = 99.9 * state.Share
                    advance (percent - shown.Value)
                    shown.Value <- percent

                    let failures =
                        if state.Failures > 0L then
                            $", {state.Failures} failed"
                        else
                            ""

                    let error =
                        if Double.IsNaN state.StandardError then
                            ""
                        else
                            $", standard error {number state.StandardError}"

                    rename $"{title}: {state.Done} of {state.Total}{failures}{error}")

            work
                { new IProgress<Perturbed.Functional.SolveProgress> with
                    member _.Report state = show state
                })
