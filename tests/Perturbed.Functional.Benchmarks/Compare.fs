/// The cases that scripts/compare-pytorch.sh measures side by side: this library's half, as JSON lines.
module Perturbed.Functional.Benchmarks.Compare

open System
open Perturbed.Functional

type private Case =
    {
        Name: string
        Rows: int
        Oracle: Oracle
        Noise: INoise
        Samples: int
    }

let private cases =
    [
        {
            Name = "argmax"
            Rows = 32
            Oracle = Oracle.argmax 10
            Noise = Noise.gumbel
            Samples = 1000
        }
        {
            Name = "argmax-wide"
            Rows = 128
            Oracle = Oracle.argmax 1000
            Noise = Noise.gumbel
            Samples = 100
        }
        {
            Name = "ranking"
            Rows = 32
            Oracle = Oracle.ranking 100
            Noise = Noise.gaussian
            Samples = 1000
        }
        {
            Name = "ranking-step"
            Rows = 32
            Oracle = Oracle.ranking 100
            Noise = Noise.gaussian
            Samples = 1
        }
        {
            Name = "top-10"
            Rows = 32
            Oracle = Oracle.topK 10 1000
            Noise = Noise.gaussian
            Samples = 100
        }
        {
            Name = "grid-1"
            Rows = 70
            Oracle = Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12
            Noise = Noise.gaussian
            Samples = 1
        }
        {
            Name = "grid-16"
            Rows = 70
            Oracle = Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12
            Noise = Noise.gaussian
            Samples = 16
        }
    ]

/// Times one case (or all) and prints a JSON line for each: seconds for the value, and for value and vector-Jacobian product.
let run (names: string list) (seconds: float) : unit =
    for case in cases do
        if names.IsEmpty || List.contains case.Name names then
            let d = case.Oracle.Dimension
            let op = perturb case.Oracle case.Noise 1.0 case.Samples
            // Costs are positive in the grid cases: theta = −cost.
            let thetas = Noise.gaussian |> Noise.sample d case.Rows (Key.create 1UL)

            let thetas =
                if case.Name.StartsWith "grid" then
                    Array2D.map (fun t -> -1.0 - abs t) thetas
                else
                    thetas

            let cotangents = Noise.gaussian |> Noise.sample d case.Rows (Key.create 2UL)
            let forward = Clock.least seconds (fun () -> op |> Batch.maximizer thetas |> ignore)

            let both =
                Clock.least seconds (fun () ->
                    let _, pullback = op |> Batch.pullback thetas
                    pullback cotangents |> ignore)

            printfn
                "{\"case\":\"%s\",\"rows\":%d,\"dimension\":%d,\"samples\":%d,\"threads\":%d,\"forward\":%.9g,\"both\":%.9g}"
                case.Name
                case.Rows
                d
                case.Samples
                op.Threads
                forward
                both
