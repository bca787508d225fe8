/// Models in files: read back to the bit, in Python too, and every fault of a file named.
module Perturbed.Functional.Tests.Data.ModelFileTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private inFolder (work: string -> unit) : unit =
    let folder = Directory.CreateTempSubdirectory "perturbed-models-"

    try
        work folder.FullName
    finally
        folder.Delete true

let private key = Key.create 5UL

let private drawn (model: Model) : float[] =
    (model |> Model.withNormalInitial 0.7).Initial key

let private inputsOf (model: Model) : float[,] =
    Array2D.init 6 model.InputDimension (fun r c -> sin (float (3 * r + c)) * 10.0)

/// Every form, alone and with all that can be told of it; one column of the scaled inputs is constant.
let private all: (string * SavedModel) list =
    [
        for name, model in
            [
                "linear", Model.linear 3 4
                "affine", Model.affine 3 4
                "shared", Model.shared 4 2
                "perceptron", Perceptron.model 1 [| 3; 5; 2; 4 |]
                "without hidden layers", Perceptron.model 1 [| 3; 4 |]
                "one number", Model.linear 1 1
            ] do
            let plain = SavedModel.create model (drawn model)
            name, plain
            let inputs = inputsOf model |> Array2D.mapi (fun _ c x -> if c = 1 then 0.1 else x)

            name + " and scaling",
            plain
            |> SavedModel.withStandardisation (Standardisation.fit inputs)
            |> SavedModel.withOracle (Oracle.argmax model.OutputDimension)
    ]

let private known: SavedModel =
    all |> List.find (fun (name, _) -> name = "affine and scaling") |> snd

/// The error of loading after the files were changed.
let private fault (change: string -> string -> unit) : InvalidDataException * string =
    let mutable result = Unchecked.defaultof<_>

    inFolder (fun folder ->
        let path = Path.Combine(folder, "model.json")
        known |> Model.save path
        change path (Path.Combine(folder, "model.npy"))
        result <- Assert.Throws<InvalidDataException>(fun () -> Model.load path |> ignore), path)

    result

let private edited (before: string) (after: string) (path: string) (_: string) : unit =
    let text = File.ReadAllText path
    Assert.Contains(before, text)
    let at = text.IndexOf(before, StringComparison.Ordinal)
    File.WriteAllText(path, text[.. at - 1] + after + text[at + before.Length ..])

// The environment may name an interpreter.
let private python =
    match Environment.GetEnvironmentVariable "PYTHON" with
    | null
    | "" -> "python3"
    | name -> name

let private runPython (code: string) (arguments: string list) : struct (int * string) =
    let start =
        ProcessStartInfo(python, RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in "-c" :: code :: arguments do
        start.ArgumentList.Add argument

    use running = Process.Start start
    let errors = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEnd()
    running.WaitForExit()
    struct (running.ExitCode, output + errors.Result)

// Skipped, and said to be, where Python or NumPy is not there.
let private withNumPy (name: string) (law: unit -> unit) : Test =
    testCase name (fun () ->
        let isThere =
            try
                let struct (code, _) = runPython "import numpy" []
                code = 0
            with :? ComponentModel.Win32Exception ->
                false

        if not isThere then
            skiptest $"{python} has no NumPy here; PYTHON names another interpreter."

        law ())

[<Tests>]
let tests =
    testList "Data.ModelFile" [
        testCase "A model comes back with the bits of its parameters, scaling and predictions" (fun () ->
            inFolder (fun folder ->
                for name, saved in all do
                    let path = Path.Combine(folder, name + ".json")
                    saved |> Model.save path
                    // In its place another time, and under another name.
                    saved |> Model.save path
                    let moved = Path.Combine(folder, "moved.json")
                    File.Copy(path, moved, true)
                    File.Copy(path.Replace(".json", ".npy"), moved.Replace(".json", ".npy"), true)
                    let loaded = Model.load moved
                    Assert.Equal(saved.Model.Form, loaded.Model.Form)
                    Assert.Equal(saved.Model.InputDimension, loaded.Model.InputDimension)
                    Assert.Equal(saved.Model.OutputDimension, loaded.Model.OutputDimension)
                    Assert.Equal<float[]>(saved.Parameters, loaded.Parameters)
                    Assert.Equal(saved.Standardisation, loaded.Standardisation)
                    Assert.Equal(saved.Oracle, loaded.Oracle)
                    Assert.Equal<float[]>(saved.Model.Initial key, loaded.Model.Initial key)
                    let x = inputsOf saved.Model
                    Assert.Equal<float[,]>(saved |> SavedModel.predict x, loaded |> SavedModel.predict x)

                Assert.Empty(Directory.GetFiles(folder, "*.new"))))

        testCase "A prediction is that of the model at scaled inputs" (fun () ->
            let x = inputsOf known.Model

            let expected =
                known.Model
                |> Model.predict known.Parameters (Standardisation.apply known.Standardisation.Value x)

            Assert.Equal<float[,]>(expected, known |> SavedModel.predict x)

            let plain = SavedModel.create known.Model known.Parameters
            Assert.Equal<float[,]>(known.Model |> Model.predict known.Parameters x, plain |> SavedModel.predict x))

        testCase "What is wrong with the description is named, with the file" (fun () ->
            for before, after, words in
                [
                    "\"version\": 1", "\"version\": 2", "'version' is 2; 1 was expected."
                    "\"version\": 1",
                    "\"version\": \"1\"",
                    "'version' is \"1\"; a whole number of 1 .. 2147483647 was expected."
                    "perturbed-functional-model",
                    "another",
                    "'format' is \"another\"; \"perturbed-functional-model\" was expected."
                    "\"affine\"",
                    "\"cubic\"",
                    "'model' is \"cubic\"; linear, affine, shared or perceptron was expected."
                    "\"affine\"", "\"linear\"", "[[3,4]] for this model of 3 inputs and 4 outputs was expected."
                    "\"affine\"", "\"shared\"", "'inputs' is 3; a multiple of the 4 outputs was expected."
                    "\"inputs\": 3", "\"inputs\": 0", "'inputs' is 0; a whole number of 1 .. 2147483647 was expected."
                    "\"inputs\": 3", "\"inputs\": 3.5", "'inputs' is 3.5;"
                    "\"inputs\": 3", "\"width\": 3", "'inputs' is missing."
                    "\"outputs\": 4",
                    "\"outputs\": 5",
                    "[[3,5],[5]] for this model of 3 inputs and 5 outputs was expected."
                    "\"oracle\": {", "\"oracle\": 3, \"was\": {", "'oracle' is 3; an object or null was expected."
                    "\"dimension\": 4",
                    "\"dimension\": 5",
                    "oracle 'argmax' has dimension 5; the model's OutputDimension is 4."
                    "\"mean\": [",
                    "\"mean\": [7,",
                    "standardisation.mean has length 4; the model's InputDimension is 3."
                    "\"mean\": [",
                    "\"mean\": [1e999,",
                    "'standardisation.mean[0]' is 1e999; a finite number was expected."
                    "\"mean\": [", "\"mean\": [NaN,", "no JSON, or cut short:"
                    "\"deviation\": [",
                    "\"deviation\": [-1,2,3], \"old\": [",
                    "standardisation.deviation[0] is -1; it must be at least 0."
                    "\"shapes\": [", "\"shapes\": [[],", "'shapes' is"
                ] do
                let error, path = fault (edited before after)
                Assert.StartsWith(path + ": ", error.Message)
                Assert.Contains(words, error.Message))

        testCase "A file that is cut short anywhere is named" (fun () ->
            let text = ref 0

            fault (fun path npy ->
                text.Value <- int (FileInfo path).Length
                File.Delete npy
                File.WriteAllBytes(npy, [||]))
            |> ignore

            // The end of a description is a brace and nothing after it.
            for length in 0 .. text.Value - 1 do
                let error, path =
                    fault (fun path _ -> File.WriteAllBytes(path, (File.ReadAllBytes path)[.. length - 1]))

                Assert.StartsWith(path + ": no JSON, or cut short: ", error.Message)

            for length in [ 0; 3; 100; 128; 140; 128 + 16 * 8 - 1 ] do
                let error, path =
                    fault (fun _ npy -> File.WriteAllBytes(npy, (File.ReadAllBytes npy)[.. length - 1]))

                Assert.StartsWith(path.Replace(".json", ".npy") + ": offset ", error.Message))

        testCase "Parameters that are not finite, of another number or of another model are named" (fun () ->
            let replaced (numbers: NpyData) (count: int) (words: string) =
                let error, path =
                    fault (fun _ npy -> Npy.create [| count |] numbers |> Npy.save npy)

                Assert.StartsWith(path.Replace(".json", ".npy") + ": ", error.Message)
                Assert.Contains(words, error.Message)

            let numbers = known.Parameters

            replaced
                (NpyData.Float64(Array.mapi (fun i p -> if i = 3 then nan else p) numbers))
                16
                "offset 152: number 3 of 16 is NaN"

            replaced (NpyData.Float64 numbers[1..]) 15 "the shape is (15,); (16) was expected."
            replaced (NpyData.Float64(Array.rev numbers)) 16 "its SHA-256 is"
            replaced (NpyData.Float32(Array.map float32 numbers)) 16 "its SHA-256 is")

        testCase "What no file can hold is refused, and a failed save leaves the old files" (fun () ->
            inFolder (fun folder ->
                let path = Path.Combine(folder, "model.json")

                let refused (path: string) (saved: SavedModel) (words: string) =
                    let error =
                        Assert.ThrowsAny<ArgumentException>(fun () -> saved |> Model.save path |> ignore)

                    Assert.Contains(words, error.Message)
                    Assert.Empty(Directory.GetFiles folder)

                let map: Differentiable<float[,], float[,]> = fun theta -> theta, id
                let own = Model.affine 3 4 |> Model.compose 4 map

                refused
                    path
                    (SavedModel.create own (drawn own))
                    "saved.Model is a model of one's own or followed by a map"

                refused path { known with Parameters = [| nan |] } "parameters has length 1"

                refused
                    path
                    { known with
                        Parameters = Array.create 16 nan
                    }
                    "parameters[0] is NaN"

                refused (Path.Combine(folder, "model.txt")) known "a path that ends in .json was expected"

                raises<ArgumentException>
                    "oracle 'ranking' has dimension 5; the model's OutputDimension is 4."
                    (fun () -> known |> SavedModel.withOracle (Oracle.ranking 5) |> ignore)

                known |> Model.save path
                // The description cannot be written where a directory has its name.
                Directory.CreateDirectory(path + ".new") |> ignore
                let other = SavedModel.create known.Model (Array.rev known.Parameters)

                let error =
                    Assert.ThrowsAny<Exception>(fun () -> other |> Model.save path |> ignore)

                Assert.Contains($"'{path}'", error.Message)
                Assert.Equal<float[]>(known.Parameters, (Model.load path).Parameters)
                Assert.Equal(2, Directory.GetFiles(folder).Length)))

        withNumPy "The Python of the guide reads every model and predicts the same" (fun () ->
            let guide =
                File.ReadAllText(Path.Combine(__SOURCE_DIRECTORY__, "../../../docs/guide.md"))

            let first =
                guide.IndexOf("```python", StringComparison.Ordinal) + "```python".Length

            let code = guide[first .. guide.IndexOf("```", first, StringComparison.Ordinal) - 1]

            inFolder (fun folder ->
                for name, saved in all do
                    let path = Path.Combine(folder, name + ".json")
                    saved |> Model.save path
                    let x = inputsOf saved.Model

                    Npy.create [| 6; saved.Model.InputDimension |] (NpyData.Float64(flat x))
                    |> Npy.save (Path.Combine(folder, "x.npy"))

                    let struct (exit, output) =
                        runPython
                            (code
                             + "\nimport sys\nx = np.load(sys.argv[2])\nnp.save(sys.argv[3], predict(*load(sys.argv[1]), x))")
                            [ path; Path.Combine(folder, "x.npy"); Path.Combine(folder, "y.npy") ]

                    Assert.True((exit = 0), output)

                    let y =
                        Npy.load NonFinite.Reject (Path.Combine(folder, "y.npy"))
                        |> Npy.requireShape [| Some 6; Some saved.Model.OutputDimension |]
                        |> Npy.toFloats

                    Assert.True(allNear (saved |> SavedModel.predict x |> flat) y, name)))
    ]
