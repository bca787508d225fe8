// Compares notebooks that were run with the stored ones, or stores what they printed:
//     dotnet fsi scripts/notebooks.fsx compare|store STORED.ipynb RUN.ipynb
open System
open System.IO
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

let read (path: string) : JsonNode = JsonNode.Parse(File.ReadAllText path)

let cells (notebook: JsonNode) : JsonNode[] =
    notebook["cells"].AsArray()
    |> Seq.filter (fun cell -> string cell["cell_type"] = "code")
    |> Array.ofSeq

// Lines of a stream or of a display, joined: how they are cut is no part of an output.
let text (node: JsonNode) : string =
    match node with
    | :? JsonArray as lines -> lines |> Seq.map string |> String.concat ""
    | node -> string node

// What a cell printed and showed, in order.
let outputs (cell: JsonNode) : (string * string) list =
    [
        for output in cell["outputs"].AsArray() do
            match string output["output_type"] with
            | "stream" -> string output["name"], text output["text"]
            | "error" -> "error", $"""{output["ename"]}: {output["evalue"]}"""
            | _ ->
                for display in output["data"].AsObject() do
                    display.Key, text display.Value
    ]

let fail (message: string) =
    eprintfn "%s" message
    exit 1

match fsi.CommandLineArgs with
| [| _; command; stored; run |] ->
    let old, fresh = read stored, read run
    let name = Path.GetFileName stored

    if (cells old).Length <> (cells fresh).Length then
        fail $"{name} has {(cells old).Length} cells of code; {(cells fresh).Length} ran."

    for i, (before, after) in Array.zip (cells old) (cells fresh) |> Array.indexed do
        for kind, message in outputs after do
            if kind = "error" || kind = "stderr" then
                fail $"{name}, cell {i} of code: {message}"

        if command = "compare" then
            if outputs before <> outputs after then
                fail $"{name}, cell {i} of code, stores\n%A{outputs before}\nand prints\n%A{outputs after}"
        else
            before["outputs"] <- after["outputs"].DeepClone()

    if command = "store" then
        let options =
            JsonSerializerOptions(
                WriteIndented = true,
                IndentSize = 1,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
            )

        File.WriteAllText(stored, old.ToJsonString options + "\n")

    printfn "%s: %d cells of code" name (cells fresh).Length
| _ -> fail "compare or store, the stored notebook, the one that was run"
