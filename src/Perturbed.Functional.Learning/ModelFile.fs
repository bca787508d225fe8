namespace Perturbed.Functional

open System
open System.IO
open System.Security.Cryptography
open System.Text.Json

/// The two files of a model: a description in JSON, and the parameters next to it.
module internal ModelFile =

    let private format = "perturbed-functional-model"

    let private version = 1

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
                ("saved.Model is a model of one's own or followed by a map, which no file can describe; "
                 + "`Model.compose` keeps the parameters of the model before it, which can be saved.")

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

    // The form by its name; a perceptron's widths are the lengths of its offsets, less the last.
    let private formOf (path: string) (name: JsonElement) (shapes: int[][]) : ModelForm =
        match JsonFields.text path "model" name with
        | "linear" -> ModelForm.Linear
        | "affine" -> ModelForm.Affine
        | "shared" -> ModelForm.Shared
        | "perceptron" ->
            let offsets = shapes |> Array.filter (fun shape -> shape.Length = 1) |> Array.concat
            ModelForm.Perceptron offsets[.. offsets.Length - 2]
        | _ -> JsonFields.wrong path "model" name "linear, affine, shared or perceptron"

    let private requireFormat (path: string) (root: JsonElement) : unit =
        let root =
            root |> JsonFields.ofKind path "the file" JsonValueKind.Object "an object"

        let name = JsonFields.property path "" "format" root

        if JsonFields.text path "format" name <> format then
            JsonFields.wrong path "format" name $"\"{format}\""

        let written = JsonFields.property path "" "version" root

        if JsonFields.count path "version" written <> version then
            JsonFields.wrong path "version" written $"{version}"

    let private modelOf (make: ModelForm -> int -> int -> Model) (path: string) (root: JsonElement) : Model =
        let field (name: string) = JsonFields.property path "" name root
        let inputs = field "inputs" |> JsonFields.count path "inputs"
        let outputs = field "outputs" |> JsonFields.count path "outputs"

        let found =
            field "shapes"
            |> JsonFields.items path "shapes" (fun name ->
                JsonFields.items path name (fun name -> JsonFields.count path name))

        let form = formOf path (field "model") found

        if form = ModelForm.Shared && inputs % outputs <> 0 then
            JsonFields.wrong path "inputs" (field "inputs") $"a multiple of the {outputs} outputs"

        if found <> shapes form inputs outputs then
            let expected = JsonSerializer.Serialize(shapes form inputs outputs)

            JsonFields.wrong
                path
                "shapes"
                (field "shapes")
                $"{expected} for this model of {inputs} inputs and {outputs} outputs"

        try
            make form inputs outputs
        with :? ArgumentException as error ->
            JsonFields.fail path error.Message

    let private parameters (path: string) (expected: int) (hash: string) (description: string) : float[] =
        let bytes = File.ReadAllBytes path
        use stream = new MemoryStream(bytes)

        let array =
            Npy.read NonFinite.Reject path stream |> Npy.requireShape [| Some expected |]

        if hashOf bytes <> hash then
            JsonFields.fail path $"its SHA-256 is {hashOf bytes}; {description} was written with parameters of {hash}."

        match array.Data with
        | NpyData.Float64 numbers -> numbers
        | _ -> JsonFields.fail path "the numbers are of another type; f8 was expected."

    let load (make: ModelForm -> int -> int -> Model) (path: string) : SavedModel =
        let beside = parametersPath path

        use document =
            try
                JsonDocument.Parse(ReadOnlyMemory(File.ReadAllBytes path))
            with :? JsonException as error ->
                JsonFields.fail path $"no JSON, or cut short: {error.Message}"

        let root = document.RootElement
        requireFormat path root
        let model = modelOf make path root

        let numbers (place: string) (name: string) (value: JsonElement) =
            JsonFields.property path place name value
            |> JsonFields.items path $"{place}{name}" (fun name -> JsonFields.finite path name)

        let saved =
            {
                Model = model
                Parameters =
                    parameters
                        beside
                        model.ParameterCount
                        (JsonFields.property path "" "sha256" root |> JsonFields.text path "sha256")
                        path
                Standardisation =
                    root
                    |> JsonFields.optional path "standardisation" (fun value ->
                        {
                            Mean = numbers "standardisation." "mean" value
                            Deviation = numbers "standardisation." "deviation" value
                        })
                Oracle =
                    root
                    |> JsonFields.optional path "oracle" (fun value ->
                        {
                            Name =
                                JsonFields.property path "oracle." "name" value
                                |> JsonFields.text path "oracle.name"
                            Dimension =
                                JsonFields.property path "oracle." "dimension" value
                                |> JsonFields.count path "oracle.dimension"
                        })
            }

        try
            SavedModel.check saved
        with :? ArgumentException as error ->
            JsonFields.fail path error.Message

        saved
