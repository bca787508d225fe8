namespace Perturbed.Functional

open System
open System.IO
open System.Security.Cryptography
open System.Text.Json

/// The two files of a model: a description in JSON, and the parameters beside it.
module internal ModelFile =

    let private format = "perturbed-functional-model"

    let private version = 1

    let private fail (path: string) (what: string) : 'a =
        raise (InvalidDataException $"{path}: {what}")

    let private parametersPath (path: string) : string =
        Check.notNull (nameof path) path

        if not (path.EndsWith(".json", StringComparison.Ordinal)) then
            invalidArg (nameof path) $"path is '{path}'; a path that ends in .json was expected."

        path[.. path.Length - 6] + ".npy"

    /// The arrays that the flat vector of parameters holds one after the other, each row by row.
    let shapes (form: ModelForm) (inputs: int) (outputs: int) : int[][] =
        match form with
        | ModelForm.Linear -> [| [| inputs; outputs |] |]
        | ModelForm.Affine -> [| [| inputs; outputs |]; [| outputs |] |]
        | ModelForm.Shared -> [| [| inputs / outputs |] |]
        | ModelForm.Perceptron hidden ->
            [| inputs; yield! hidden; outputs |]
            |> Array.pairwise
            |> Array.collect (fun (before, after) -> [| [| before; after |]; [| after |] |])
        | ModelForm.Own -> [||]

    let private nameOf (form: ModelForm) : string =
        match form with
        | ModelForm.Linear -> "linear"
        | ModelForm.Affine -> "affine"
        | ModelForm.Shared -> "shared"
        | ModelForm.Perceptron _ -> "perceptron"
        | ModelForm.Own ->
            invalidArg
                "saved"
                "saved.Model is a model of one's own or followed by a map, which no file can describe; `Model.compose` keeps the parameters of the model before it, which can be saved."

    let private writeNumbers (json: Utf8JsonWriter) (name: string) (values: float[]) : unit =
        json.WriteStartArray name
        values |> Array.iter json.WriteNumberValue
        json.WriteEndArray()

    let private write (saved: SavedModel) (hash: string) (stream: Stream) : unit =
        let model = saved.Model
        use json = new Utf8JsonWriter(stream, JsonWriterOptions(Indented = true))
        json.WriteStartObject()
        json.WriteString("format", format)
        json.WriteNumber("version", version)
        json.WriteString("model", nameOf model.Form)
        json.WriteNumber("inputs", model.InputDimension)
        json.WriteNumber("outputs", model.OutputDimension)
        json.WriteStartArray "shapes"

        for shape in shapes model.Form model.InputDimension model.OutputDimension do
            json.WriteStartArray()
            shape |> Array.iter json.WriteNumberValue
            json.WriteEndArray()

        json.WriteEndArray()
        json.WriteString("sha256", hash)

        match saved.Standardisation with
        | Some standardisation ->
            json.WriteStartObject "standardisation"
            writeNumbers json "mean" standardisation.Mean
            writeNumbers json "deviation" standardisation.Deviation
            json.WriteEndObject()
        | None -> json.WriteNull "standardisation"

        match saved.Oracle with
        | Some oracle ->
            json.WriteStartObject "oracle"
            json.WriteString("name", oracle.Name)
            json.WriteNumber("dimension", oracle.Dimension)
            json.WriteEndObject()
        | None -> json.WriteNull "oracle"

        json.WriteEndObject()

    let private hashOf (bytes: byte[]) : string =
        Convert.ToHexStringLower(SHA256.HashData bytes)

    let save (path: string) (saved: SavedModel) : unit =
        let beside = parametersPath path
        nameOf saved.Model.Form |> ignore
        SavedModel.check saved
        use buffer = new MemoryStream()

        Npy.create [| saved.Parameters.Length |] (NpyData.Float64 saved.Parameters)
        |> Npy.write buffer

        let bytes = buffer.ToArray()

        FileReplacement.write
            [ beside, (fun stream -> stream.Write(bytes, 0, bytes.Length)); path, write saved (hashOf bytes) ]

    // A property of an object, or an error that names it by the way to it.
    let private property (path: string) (place: string) (name: string) (element: JsonElement) : JsonElement =
        match element.TryGetProperty name with
        | true, value -> value
        | _ -> fail path $"'{place}{name}' is missing."

    let private wrong (path: string) (name: string) (found: JsonElement) (expected: string) : 'a =
        let text = found.GetRawText()
        let text = if text.Length > 60 then text[..59] + "…" else text
        fail path $"'{name}' is {text}; {expected} was expected."

    let private ofKind (path: string) (name: string) (kind: JsonValueKind) (expected: string) (value: JsonElement) =
        if value.ValueKind <> kind then
            wrong path name value expected

        value

    let private text (path: string) (name: string) (value: JsonElement) : string =
        string ((value |> ofKind path name JsonValueKind.String "a text").GetString())

    let private count (path: string) (name: string) (value: JsonElement) : int =
        let expected = $"a whole number of 1 .. {Int32.MaxValue}"

        match (value |> ofKind path name JsonValueKind.Number expected).TryGetInt32() with
        | true, number when number >= 1 -> number
        | _ -> wrong path name value expected

    let private items (path: string) (name: string) (read: string -> JsonElement -> 'T) (value: JsonElement) : 'T[] =
        (value |> ofKind path name JsonValueKind.Array "an array").EnumerateArray()
        |> Seq.mapi (fun i item -> read $"{name}[{i}]" item)
        |> Seq.toArray

    // A literal beyond the doubles reads as infinity.
    let private finite (path: string) (name: string) (value: JsonElement) : float =
        let number = (value |> ofKind path name JsonValueKind.Number "a number").GetDouble()

        if Double.IsFinite number then
            number
        else
            wrong path name value "a finite number"

    let private optional (path: string) (name: string) (read: JsonElement -> 'T) (root: JsonElement) : 'T option =
        let value = property path "" name root

        if value.ValueKind = JsonValueKind.Null then
            None
        else
            Some(read (value |> ofKind path name JsonValueKind.Object "an object or null"))

    // The form by its name; a perceptron's widths are the lengths of its offsets, less the last.
    let private formOf (path: string) (name: JsonElement) (shapes: int[][]) : ModelForm =
        match text path "model" name with
        | "linear" -> ModelForm.Linear
        | "affine" -> ModelForm.Affine
        | "shared" -> ModelForm.Shared
        | "perceptron" ->
            let offsets = shapes |> Array.filter (fun shape -> shape.Length = 1) |> Array.concat
            ModelForm.Perceptron offsets[.. offsets.Length - 2]
        | _ -> wrong path "model" name "linear, affine, shared or perceptron"

    let private requireFormat (path: string) (root: JsonElement) : unit =
        let root = root |> ofKind path "the file" JsonValueKind.Object "an object"
        let name = property path "" "format" root

        if text path "format" name <> format then
            wrong path "format" name $"\"{format}\""

        let written = property path "" "version" root

        if count path "version" written <> version then
            wrong path "version" written $"{version}"

    let private modelOf (make: ModelForm -> int -> int -> Model) (path: string) (root: JsonElement) : Model =
        let field (name: string) = property path "" name root
        let inputs = field "inputs" |> count path "inputs"
        let outputs = field "outputs" |> count path "outputs"

        let found =
            field "shapes"
            |> items path "shapes" (fun name -> items path name (fun name -> count path name))

        let form = formOf path (field "model") found

        if form = ModelForm.Shared && inputs % outputs <> 0 then
            wrong path "inputs" (field "inputs") $"a multiple of the {outputs} outputs"

        if found <> shapes form inputs outputs then
            let expected = JsonSerializer.Serialize(shapes form inputs outputs)
            wrong path "shapes" (field "shapes") $"{expected} for this model of {inputs} inputs and {outputs} outputs"

        try
            make form inputs outputs
        with :? ArgumentException as error ->
            fail path error.Message

    let private parameters (path: string) (expected: int) (hash: string) (description: string) : float[] =
        let bytes = File.ReadAllBytes path
        use stream = new MemoryStream(bytes)

        let array =
            Npy.read NonFinite.Reject path stream |> Npy.requireShape [| Some expected |]

        if hashOf bytes <> hash then
            fail path $"its SHA-256 is {hashOf bytes}; {description} was written with parameters of {hash}."

        match array.Data with
        | NpyData.Float64 numbers -> numbers
        | _ -> fail path "the numbers are of another type; f8 was expected."

    let load (make: ModelForm -> int -> int -> Model) (path: string) : SavedModel =
        let beside = parametersPath path

        use document =
            try
                JsonDocument.Parse(ReadOnlyMemory(File.ReadAllBytes path))
            with :? JsonException as error ->
                fail path $"no JSON, or cut short: {error.Message}"

        let root = document.RootElement
        requireFormat path root
        let model = modelOf make path root

        let numbers (place: string) (name: string) (value: JsonElement) =
            property path place name value
            |> items path $"{place}{name}" (fun name -> finite path name)

        let saved =
            {
                Model = model
                Parameters =
                    parameters beside model.ParameterCount (property path "" "sha256" root |> text path "sha256") path
                Standardisation =
                    root
                    |> optional path "standardisation" (fun value ->
                        {
                            Mean = numbers "standardisation." "mean" value
                            Deviation = numbers "standardisation." "deviation" value
                        })
                Oracle =
                    root
                    |> optional path "oracle" (fun value ->
                        {
                            Name = property path "oracle." "name" value |> text path "oracle.name"
                            Dimension = property path "oracle." "dimension" value |> count path "oracle.dimension"
                        })
            }

        try
            SavedModel.check saved
        with :? ArgumentException as error ->
            fail path error.Message

        saved
