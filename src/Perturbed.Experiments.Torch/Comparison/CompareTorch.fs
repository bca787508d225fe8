namespace Perturbed.Experiments.Torch

open System
open System.Diagnostics
open System.Threading
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// The operators beside plain libtorch, in one process and in turn: the command `compare-torch`.
[<RequireQualifiedAccess>]
module CompareTorch =

    // Pairs of times, of which the medians are shown.
    let private rounds = 15

    // A time is of as many calls as take this long.
    let private least = 2e-3

    type private Case =
        {
            Name: string
            Rows: int
            Dimension: int
            Plain: PlainOperator
            Core: Smoothed
            Device: TensorOperator
        }

    let private cases: Case list =
        let one (name: string) rows d samples oracle solver noise (plain: int -> PlainOperator) =
            {
                Name = name
                Rows = rows
                Dimension = d
                Plain = plain samples
                Core = perturb oracle noise 1.0 samples
                Device = Torch.perturb solver noise 1.0 samples
            }

        let grid = Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12

        [
            one "argmax" 32 10 1000 (Oracle.argmax 10) TensorSolver.Argmax Noise.gumbel PlainOperator.ofArgmax
            one "argmax-wide" 128 1000 100 (Oracle.argmax 1000) TensorSolver.Argmax Noise.gumbel PlainOperator.ofArgmax
            one "ranking" 32 100 1000 (Oracle.ranking 100) TensorSolver.Ranking Noise.gaussian PlainOperator.ofRanking
            one "ranking-step" 32 100 1 (Oracle.ranking 100) TensorSolver.Ranking Noise.gaussian PlainOperator.ofRanking
            one
                "top-10"
                32
                1000
                100
                (Oracle.topK 10 1000)
                (TensorSolver.TopK 10)
                Noise.gaussian
                (PlainOperator.ofTopK 10)
            one
                "grid"
                70
                144
                1
                grid
                (TensorSolver.GridPath(GridMoves.Eight, 12, 12))
                Noise.gaussian
                (PlainOperator.ofPath 12)
        ]

    let private seconds (device: torch.Device) (calls: int) (work: unit -> unit) : float =
        let started = Stopwatch.GetTimestamp()

        for _ in 1..calls do
            use _ = torch.NewDisposeScope()
            work ()

        if device.``type`` = DeviceType.CUDA then
            torch.cuda.synchronize ()

        Stopwatch.GetElapsedTime(started).TotalSeconds / float calls

    // The calls of one time, after a few that compile; a long one is its own time.
    let private callsOf (device: torch.Device) (work: unit -> unit) : int =
        let first = seconds device 1 work

        if first > 0.2 then
            1
        else
            seconds device 2 work |> ignore
            let one = seconds device 3 work
            Math.Clamp(int (ceil (least / one)), 1, 1000)

    let private median (times: float[]) : float =
        let sorted = Array.sort times
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0

    // Medians of the times of several ways to do the same, in turn.
    let private inTurn (device: torch.Device) (works: (unit -> unit)[]) : float[] =
        let calls = works |> Array.map (callsOf device)

        let times = [| for _ in 1..rounds -> Array.map2 (seconds device) calls works |]

        works
        |> Array.mapi (fun i _ -> times |> Array.map (fun round -> round[i]) |> median)

    let private line (device: torch.Device) (threads: int) (case: Case) : unit =
        let d = case.Dimension

        let random (seed: uint64) =
            let rows = Noise.sample d case.Rows (Key.create seed) Noise.gaussian
            torch.tensor(rows |> Seq.cast<float> |> Seq.map float32 |> Array.ofSeq).reshape(int64 case.Rows, int64 d)

        use drawn = random 1UL

        // Costs above 1, of which noise makes few negative.
        use plain =
            (if case.Name = "grid" then
                 -(drawn.abs ()) - (1.0).ToScalar()
             else
                 drawn + (0.0).ToScalar())
                .``to``
                device

        use theta = plain.detach().clone().requires_grad_ true
        use cotangent = (random 2UL).``to`` device

        use other =
            if case.Name = "grid" then
                plain.detach().flip 0L
            else
                random 3UL

        let core = case.Core |> Smoothed.withThreads threads |> Torch.ofSmoothed

        use target =
            (core
             |> Torch.withSamples 1
             |> Torch.withEpsilon 1e-6
             |> Torch.maximizer (other.``to`` device))
                .detach()

        let pull (op: TensorOperator) () =
            let y = op.Maximizer theta
            torch.autograd.grad ([| y |], [| theta |], [| cotangent |]) |> ignore

        let step (op: TensorOperator) () =
            let loss = op.FenchelYoung(theta, target).mean()
            loss.backward ()

        let kinds: (string * (unit -> unit)[]) list =
            [
                "forward",
                [|
                    fun () -> PlainOperator.maximizer case.Plain plain |> ignore
                    fun () -> core.Maximizer plain |> ignore
                    fun () -> case.Device.Maximizer plain |> ignore
                |]
                "with VJP",
                [|
                    fun () -> PlainOperator.gradient case.Plain plain cotangent |> ignore
                    pull core
                    pull case.Device
                |]
                "step",
                [|
                    fun () -> PlainOperator.step case.Plain theta target
                    step core
                    step case.Device
                |]
            ]

        for kind, works in kinds do
            let times = inTurn device works

            let milliseconds (i: int) =
                (1000.0 * times[i]).ToString("F3").PadLeft 10

            let ratio (i: int) =
                (times[0] / times[i]).ToString("F1").PadLeft 7 + "×"

            Terminal.writeLine
                $"{case.Name, -13}{case.Rows, 4}{d, 6}{case.Plain.Samples, 6}   {kind, -9}{milliseconds 0}   \
                  {milliseconds 1}{ratio 1}   {milliseconds 2}{ratio 2}"

    let private run (options: TorchOptions) (cancellation: CancellationToken) (names: string[]) : int =
        for name in names do
            if cases |> List.forall (fun case -> case.Name <> name) then
                let known = cases |> List.map _.Name |> String.concat ", "
                Input.fail $"compare-torch has no case '{name}'; there are {known}."

        let device = DeviceUse.find options.Device
        let threads = Environment.ProcessorCount
        torch.set_num_threads threads

        Terminal.writeLine
            $"libtorch {torch.__version__} on {device}, {threads} threads each; milliseconds, medians of {rounds} in turn\n\
              case           B     d     M                libtorch   ours: core  ratio   on device  ratio"

        for case in cases do
            if names.Length = 0 || Array.contains case.Name names then
                cancellation.ThrowIfCancellationRequested()
                line device threads case

        ExitCode.success

    /// <summary>The command.</summary>
    /// <param name="options">The device.</param>
    /// <returns>A command that takes names of cases, or runs all.</returns>
    let command (options: TorchOptions) : Command =
        {
            Name = "compare-torch"
            Summary = "times the operators beside plain libtorch, in one process."
            Run = run options
        }
