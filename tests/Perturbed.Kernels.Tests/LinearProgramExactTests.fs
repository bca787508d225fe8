/// Linear programs of hostile numbers against exact arithmetic.
module Perturbed.Kernels.Tests.LinearProgramExactTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Kernels.Tests.ExactPrograms
open Xunit

let private make (rows: (float list * float) list) (bounds: (float * float) list option) : LinearProgramOracle =
    let a = rows |> List.map fst |> array2D
    let b = rows |> List.map snd |> Array.ofList

    match bounds with
    | None -> LinearProgramOracle(a, b)
    | Some bounds ->
        LinearProgramOracle(a, b, bounds |> List.map fst |> Array.ofList, bounds |> List.map snd |> Array.ofList)

let private answer (oracle: LinearProgramOracle) (theta: float list) : float list =
    OracleLaws.solve oracle [| Array.ofList theta |]
    |> fst
    |> Array.head
    |> List.ofArray

let private pick (random: Random) (choices: 'a[]) : 'a = choices[random.Next choices.Length]

/// A number of a size between 10^-span and 10^span, whole or not, or 0.
let private wide (random: Random) (span: int) (zeros: int) : float =
    if random.Next 10 < zeros then
        0.0
    else
        let mantissa =
            if random.Next 2 = 0 then
                float (1 + random.Next 4)
            else
                0.5 + random.NextDouble()

        (if random.Next 2 = 0 then mantissa else -mantissa)
        * Math.Pow(10.0, float (random.Next(2 * span + 1) - span))

let private randomProgram (seed: int) : Program =
    let random = Random seed
    let span = pick random [| 0; 0; 3; 12; 15; 60 |]
    let m, d = 1 + random.Next 4, 1 + random.Next 3
    let a = Array2D.init m d (fun _ _ -> wide random span 3)

    let lower =
        Array.init d (fun _ -> if random.Next 2 = 0 then 0.0 else wide random span 2)

    let upper =
        lower
        |> Array.map (fun l ->
            match random.Next 4 with
            | 0 -> l
            | 1 -> l + abs (wide random span 1)
            | _ -> infinity)

    let b =
        Array.init m (fun _ -> wide random span 3 |> fun x -> if random.Next 3 = 0 then x else abs x)

    // Rows that repeat, oppose or nearly oppose others, by powers of two and not.
    for i in 1 .. m - 1 do
        if random.Next 3 = 0 then
            let factor = pick random [| 1.0; -1.0; 0.25; -4.0; -3.0 |]
            let from = random.Next i

            for j in 0 .. d - 1 do
                a[i, j] <- factor * a[from, j]

            b[i] <-
                match random.Next 4 with
                | 0 -> Math.BitIncrement(factor * b[from])
                | 1 -> Math.BitDecrement(factor * b[from])
                | _ -> factor * b[from]

    {
        A = a
        B = b
        Lower = lower
        Upper = upper
    }

let private randomThetas (random: Random) (d: int) : float[][] =
    Array.init 6 (fun row ->
        let span = pick random [| 0; 0; 6; 15 |]
        let scale = pick random [| 1.0; 1.0; 1e280; 1e-280 |]
        Array.init d (fun _ -> if row = 0 then 0.0 else scale * wide random span 2))

let private isDecidedExactly (seed: int) : Verdict list =
    let program = randomProgram seed
    let points = vertices program
    let d = program.Lower.Length
    let told = $"seed {seed}: %A{program}"

    let create () =
        LinearProgramOracle(program.A, program.B, program.Lower, program.Upper)

    if points.Length = 0 then
        let error = Assert.Throws<ArgumentException>("b", (fun () -> create () |> ignore))
        Assert.Contains("infeasible", error.Message)
        [ Infeasible ]
    else
        let oracle = create ()
        let thetas = randomThetas (Random seed) d
        let decide = decide program points
        let verdicts = thetas |> Array.map decide

        for theta, verdict in Array.zip thetas verdicts do
            match verdict with
            | Best(_, best) ->
                let y = (OracleLaws.solve oracle [| theta |] |> fst)[0]

                Assert.True(
                    best |> Array.exists (fun vertex -> Array.forall2 isNearest y vertex),
                    $"{told} theta %A{theta}: %A{y}"
                )

                Assert.True(oracle.IsSolution(ReadOnlySpan y), $"{told}: %A{y} is no solution")
            | _ ->
                let error =
                    Assert.Throws<OracleException>(fun () -> OracleLaws.solve oracle [| theta |] |> ignore)

                Assert.Contains("unbounded", error.Message)

        let solvable =
            Array.zip thetas verdicts
            |> Array.filter (fun (_, verdict) -> verdict <> Unbounded)
            |> Array.map fst

        if solvable.Length > 1 then
            // Next to each other too, where a warm start helps.
            let random = Random seed

            let near =
                Array.init 8 (fun _ -> solvable[1] |> Array.map (fun t -> t * (1.0 + 1e-9 * random.NextDouble())))

            let near = near |> Array.filter (fun theta -> decide theta <> Unbounded)
            OracleLaws.isFunctionOfTheta oracle solvable[1] (Array.append solvable near)

        List.ofArray verdicts

[<Tests>]
let tests =
    testList "LinearProgramExact" [
        testCase "A small gain beside a large one counts" (fun () ->
            for large in [ 1e10; 1e12; 1e100; 1e280 ] do
                Assert.Equal<float list>(
                    [ 1.0; 1.0 ],
                    answer (make [ [ 1.0; 0.0 ], 1.0; [ 0.0; 1.0 ], 1.0 ] None) [ large; 1.0 ]
                )

            Assert.Equal<float list>(
                [ 1.0; 1e12 ],
                answer (make [ [ 1.0; 0.0 ], 1.0; [ 0.0; 1.0 ], 1e12 ] None) [ 1e12; 1.0 ]
            )

            Assert.Equal<float list>(
                [ 1.0; 1e12 ],
                answer (make [ [ 1.0; 0.0 ], 1.0; [ 0.0; 1.0 ], 1e12 ] None) [ 1e280; 1e-280 ]
            ))

        testCase
            "An infeasible program is told from a feasible one whatever its other numbers, to the last bit"
            (fun () ->
                let infeasible (rows: (float list * float) list) =
                    let error =
                        Assert.Throws<ArgumentException>("b", (fun () -> make rows None |> ignore))

                    Assert.Contains("infeasible", error.Message)

                infeasible [ [ 1.0; 0.0 ], 0.5; [ -1.0; 0.0 ], -1.0; [ 0.0; 1.0 ], 4e8 ]
                infeasible [ [ 1.0 ], 0.5; [ -1.0 ], -0.5000000009 ]
                infeasible [ [ 1.0 ], 0.5; [ -1.0 ], -(Math.BitIncrement 0.5) ]
                infeasible [ [ 1.0; 1.0 ], 0.3; [ -1.0; 0.0 ], -0.1; [ 0.0; -1.0 ], -0.2; [ 1.0; -1.0 ], 1e18 ]
                infeasible [ [ 0.0 ], -5e-324 ]
                infeasible [ [ 1e300; 1.0 ], -1e-300 ]

                // 0.1 + 0.2 is above 0.3 and below its next double.
                let oracle =
                    make
                        [ [ 1.0; 1.0 ], 0.1 + 0.2; [ -1.0; 0.0 ], -0.1; [ 0.0; -1.0 ], -0.2; [ 1.0; -1.0 ], 1e18 ]
                        None

                Assert.Equal<float list>([ 0.1; 0.2 ], answer oracle [ -1.0; -1.0 ])
                Assert.Equal<float list>([ 0.5 ], answer (make [ [ 1.0 ], 0.5; [ -1.0 ], -0.5 ] None) [ 1.0 ])
                Assert.Equal<float list>([ 0.0 ], answer (make [ [ 0.0 ], 0.0; [ 1e-320 ], 0.0 ] None) [ 1.0 ]))

        testCase "A small coefficient bounds an entry" (fun () ->
            Assert.Equal<float list>([ 0.0; 1e10 ], answer (make [ [ 1.0; 1e-10 ], 1.0 ] None) [ 0.0; 1.0 ])
            Assert.Equal<float list>([ 0.0; 1.0 / 1e-300 ], answer (make [ [ 1.0; 1e-300 ], 1.0 ] None) [ 0.0; 1.0 ])
            Assert.Equal<float list>([ 2.0; 0.0 ], answer (make [ [ 5e-324; 1.0 ], 1e-323 ] None) [ 1.0; 0.0 ])

            let error =
                Assert.Throws<OracleException>(fun () ->
                    answer (make [ [ 5e-324; 1.0 ], 1.0 ] None) [ 1.0; 0.0 ] |> ignore)

            Assert.Contains("y[0] of the best vertex is beyond the largest double", error.Message))

        testCase "A far bound does not round the others away" (fun () ->
            Assert.Equal<float list>([ 3.25 ], answer (make [ [ 1.0 ], 3.25 ] (Some [ -1e18, 10.0 ])) [ 1.0 ])
            Assert.Equal<float list>([ -1e18 ], answer (make [ [ 1.0 ], 3.25 ] (Some [ -1e18, 10.0 ])) [ -1.0 ])

            Assert.Equal<float list>(
                [ 3.25; 1e300 ],
                answer (make [ [ 1.0; 0.0 ], 3.25 ] (Some [ -1e300, infinity; 0.0, 1e300 ])) [ 1.0; 1e-9 ]
            ))

        testCase "A vertex is told by the terms of each row" (fun () ->
            let accepts (rows: (float list * float) list) (y: float list) =
                (make rows None).IsSolution(ReadOnlySpan(Array.ofList y))

            Assert.False(accepts [ [ 1.0 ], 1e-12 ] [ 1e-10 ])
            Assert.True(accepts [ [ 1.0 ], 1e-12 ] [ 1e-12 ])
            Assert.False(accepts [ [ 1.0 ], 1e-12 ] [ 5e-13 ])
            // Beside an entry of 1e12 one of 1 is still told from 0.5.
            Assert.True(accepts [ [ 1.0; 0.0 ], 1e12; [ 0.0; 1.0 ], 1.0 ] [ 1e12; 1.0 ])
            Assert.False(accepts [ [ 1.0; 0.0 ], 1e12; [ 0.0; 1.0 ], 1.0 ] [ 1e12; 0.5 ])
            Assert.False(accepts [ [ 1.0; 0.0 ], 1e12; [ 0.0; 1.0 ], 1.0 ] [ 1e12; 1.001 ]))

        testCase "Exact arithmetic ends where it would take too long, and says so" (fun () ->
            let random = Random 3
            let d = 10
            let a = Array.init (d * d) (fun _ -> random.NextDouble())

            let program =
                ScaledProgram(a, Array.create d -1.0, Array.zeroCreate d, Array.create d infinity)

            let error =
                Assert.Throws<ExactLimitException>(fun () ->
                    ExactDictionary(program, ReadOnlySpan.Empty, 1e3).MakeFeasible() |> ignore)

            Assert.Contains("10 rows and 10 columns are too many for exact arithmetic", error.Message))

        testCase
            "Programs whose entries differ by many orders are decided as exact arithmetic decides, warm and cold"
            (fun () ->
                let verdicts = List.collect isDecidedExactly [ 1..400 ]

                let share (isIt: Verdict -> bool) =
                    verdicts |> List.filter isIt |> List.length

                // All verdicts are met often enough to mean something.
                Assert.True(share _.IsInfeasible > 40, $"{share _.IsInfeasible} infeasible")
                Assert.True(share _.IsUnbounded > 40, $"{share _.IsUnbounded} unbounded")
                Assert.True(share _.IsBest > 400, $"{share _.IsBest} solved"))
    ]
