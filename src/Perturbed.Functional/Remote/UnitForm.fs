namespace Perturbed.Functional.Remote

open System
open System.IO
open Perturbed.Functional
open Perturbed.Kernels

/// A unit of a pass as plain data, and as bytes.
[<NoEquality; NoComparison>]
type internal UnitForm =
    {
        Settings: Settings
        Batch: ThetaBatch
        Partition: Partition
        Part: int
        Parts: int
        Statistic: Statistic
        WithSolutions: bool
        WithValues: bool
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal UnitForm =

    /// The version of the form; a reader knows one.
    let version = 1

    let private designs (design: SamplingDesign) : struct (byte * int) =
        match design with
        | SamplingDesign.Independent -> struct (0uy, 0)
        | SamplingDesign.Antithetic -> struct (1uy, 0)
        | SamplingDesign.Orthogonal -> struct (2uy, 0)
        | SamplingDesign.AntitheticOrthogonal -> struct (3uy, 0)
        | SamplingDesign.LatinHypercube n -> struct (4uy, n)
        | SamplingDesign.Sobol n -> struct (5uy, n)

    let private design (tag: byte) (n: int) : SamplingDesign =
        match tag with
        | 0uy -> SamplingDesign.Independent
        | 1uy -> SamplingDesign.Antithetic
        | 2uy -> SamplingDesign.Orthogonal
        | 3uy -> SamplingDesign.AntitheticOrthogonal
        | 4uy -> SamplingDesign.LatinHypercube n
        | 5uy -> SamplingDesign.Sobol n
        | other -> raise (InvalidDataException $"A unit has the sampling design {other}, which is none.")

    // What both ends compute by themselves, and must agree on.
    let private cut (s: Settings) (partition: Partition) : int[] =
        [|
            s.Oracle.Dimension
            s.Oracle.SolutionDimension
            int s.Oracle.Encoding
            s.Oracle.Ones
            partition.BlockSamples
            partition.PartSamples
            partition.Parts
        |]

    let write (nameOf: INoise -> string | null) (form: UnitForm) : byte[] =
        let s, batch = form.Settings, form.Batch
        let target = PlainWriter()
        let struct (noise, noiseNumbers) = NoiseForm.ofNoise nameOf s.Noise
        let struct (designTag, randomisations) = designs s.Sampling
        target.Int version
        target.Text noise
        target.Floats(ReadOnlySpan noiseNumbers)
        target.Floats(ReadOnlySpan s.Epsilons)
        target.Flag(s.Perturbation = Perturbation.Multiplicative)
        target.Int s.Samples
        target.Byte designTag
        target.Int randomisations
        target.Long(int64 s.Key.Value)
        target.Ints(cut s form.Partition)
        target.Long batch.Numbers.First

        match batch.Numbers.Given with
        | null -> target.Flag false
        | instances ->
            target.Flag true
            target.Ints instances

        target.Int batch.Rows
        target.Floats(ReadOnlySpan batch.Values)
        target.Int form.Part
        target.Int form.Parts
        StatisticForm.write target form.Statistic
        target.Flag form.WithSolutions
        target.Flag form.WithValues
        target.ToArray()

    let private readSettings (oracle: Oracle) (ofName: string -> INoise) (source: PlainReader) : Settings =
        let name = source.Text "noise"
        let noise = NoiseForm.toNoise ofName name (source.Floats "noise")
        let epsilons = source.Floats "epsilons"
        let isMultiplicative = source.Flag "perturbation"
        let samples = source.Int "samples"
        let tag = source.Byte "design"
        let sampling = design tag (source.Int "design")
        let key = Key.create (uint64 (source.Long "key"))

        perturb oracle noise (Array.tryHead epsilons |> Option.defaultValue nan) samples
        |> (if epsilons.Length = 1 then
                id
            else
                Smoothed.withEpsilons epsilons)
        |> Smoothed.withPerturbation (
            if isMultiplicative then
                Perturbation.Multiplicative
            else
                Perturbation.Additive
        )
        |> Smoothed.withSampling sampling
        |> Smoothed.withKey key
        |> _.Settings

    // Parts that are no node of the tree have no place in the sums.
    let private requireNode (partition: Partition) (rows: int) (part: int) (parts: int) : unit =
        let isWhole = part = 0 && parts = partition.Parts

        let isNode =
            rows = 1
            && part >= 0
            && parts >= 1
            && int64 part + int64 parts <= int64 partition.Parts
            && (let size = int (Numerics.BitOperations.RoundUpToPowerOf2(uint32 parts))
                part % size = 0 && (parts = size || part + parts = partition.Parts))

        if not (isWhole || isNode) then
            raise (
                InvalidDataException
                    $"A unit has {rows} rows, and the parts from {part} on, {parts} of {partition.Parts}: no node of their tree."
            )

    let read (oracle: Oracle) (ofName: string -> INoise) (bytes: byte[]) : UnitForm =
        let source = PlainReader bytes
        let actual = source.Int "version"

        if actual <> version then
            raise (InvalidDataException $"A unit is of the form {actual}; this machine reads the form {version}.")

        let s = readSettings oracle ofName source
        let partition = Partition.create s
        let theirs = source.Ints "cut"

        if theirs <> cut s partition then
            raise (
                InvalidDataException
                    $"The oracle '{oracle.Name}' is another one here: dimensions, encoding and the cut of the samples \
                      are %A{cut s partition}, and those of the unit %A{theirs}."
            )

        let first = source.Long "rows"

        let instances: int[] | null =
            if source.Flag "rows" then source.Ints "instances" else null

        let rows = source.Int "rows"
        let thetas = source.Floats "thetas"

        if rows < 1 || int64 thetas.Length <> int64 rows * int64 oracle.Dimension then
            raise (InvalidDataException $"A unit has {rows} rows of θ in {thetas.Length} numbers.")

        if first < 0L || first + int64 rows > int64 UInt32.MaxValue then
            raise (InvalidDataException $"A unit has the rows from {first} on, beyond a stream's 2^32.")

        let numbers =
            match instances with
            | null -> RowNumbers.FromZero.From first
            | given -> RowNumbers.Of(first, given, oracle)

        let s = { s with Rows = numbers; Threads = 1 }
        let batch = ThetaBatch.ofFlat s "thetas" thetas rows
        let part = source.Int "parts"
        let parts = source.Int "parts"
        requireNode partition rows part parts

        let statistic =
            StatisticForm.read source rows oracle.Dimension oracle.SolutionDimension

        // Failed samples are left out where what is summed counts them; whether they are too many, the caller decides.
        let s =
            match statistic with
            | Statistic.OfSuccesses _ ->
                { s with
                    Failures = FailurePolicy.LeaveOut 1.0
                }
            | _ -> s

        let withSolutions = source.Flag "solutions"
        let withValues = source.Flag "values"
        source.End()

        {
            Settings = s
            Batch = batch
            Partition = partition
            Part = part
            Parts = parts
            Statistic = statistic
            WithSolutions = withSolutions
            WithValues = withValues
        }
