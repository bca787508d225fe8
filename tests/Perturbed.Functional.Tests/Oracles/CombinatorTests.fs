/// Products, restrictions, offsets, generalised maximizers and minimisation, against brute force over finite sets.
module Perturbed.Functional.Tests.CombinatorTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Suite
open Xunit

let private dot (a: float[]) (b: float[]) : float =
    Array.fold2 (fun s x y -> s + x * y) 0.0 a b

let private rowsOf (values: float[,]) : float[][] =
    Array.init (Array2D.length1 values) (fun r -> values[r, *])

let private random (seed: int) (count: int) : float[] =
    let generator = Random seed
    Array.init count (fun _ -> Math.Round(4.0 * generator.NextDouble() - 2.0, 3))

let private setOf (seed: int) (n: int) (d: int) : float[,] =
    let numbers = random seed (n * d)
    Array2D.init n d (fun i j -> numbers[i * d + j])

// The answer and the optimal value, as a solver gives them.
let private answer (oracle: Oracle) (theta: float[]) : float[] * float =
    let struct (solution, value) =
        Unperturbed.solve oracle System.Threading.CancellationToken.None RowNumbers.FromZero theta 1

    solution, value[0]

let private close (expected: float) (actual: float) =
    Assert.True(abs (expected - actual) <= 1e-12 * (1.0 + abs expected), $"{actual} is not {expected}")

// Five oracles of each kind, of dimension 4, with the rows (g, h) that a brute force maximises ⟨g, θ⟩ + h over.
let private cases: (string * Oracle * (float[] * float)[]) list =
    [
        for seed in 1..5 do
            let a, b = setOf seed 6 2, setOf (seed + 50) 5 2

            "product",
            Oracle.product [| Oracle.finiteSet a; Oracle.finiteSet b |],
            [|
                for x in rowsOf a do
                    for y in rowsOf b -> Array.append x y, 0.0
            |]

            let whole, fast = setOf (seed + 100) 9 6, random (seed + 150) 6
            let free = [| 5; 0; 3; 1 |]

            "restrict",
            Oracle.restrict free fast (Oracle.finiteSet whole),
            rowsOf whole
            |> Array.map (fun y -> free |> Array.map (fun i -> y[i]), y[2] * fast[2] + y[4] * fast[4])

            let set, offset = setOf (seed + 200) 9 4, random (seed + 250) 4

            "withOffset",
            Oracle.withOffset offset (Oracle.finiteSet set),
            rowsOf set |> Array.map (fun y -> y, dot offset y)

            let heights = random (seed + 300) 9

            "finiteSetWithOffsets", Oracle.finiteSetWithOffsets set heights, Array.zip (rowsOf set) heights

            let scan (theta: float[]) =
                [| 0..8 |] |> Array.maxBy (fun n -> dot set[n, *] theta + heights[n])

            "generalised",
            Oracle.generalised 4 scan (fun n -> set[n, *]) (fun n -> heights[n]),
            Array.zip (rowsOf set) heights

            "minimise", Oracle.minimise (Oracle.finiteSet set), rowsOf set |> Array.map (fun y -> Array.map (~-) y, 0.0)
    ]

[<Tests>]
let tests =
    testList "Oracles.Combinator" [
        testCase
            "Every combinator answers what a scan of its definition answers, and its value is the maximum"
            (fun () ->
                for name, oracle, points in cases do
                    for seed in 1..20 do
                        let theta = random (1000 + seed) 4
                        let solution, value = answer oracle theta
                        let g, h = points |> Array.maxBy (fun (g, h) -> dot g theta + h)

                        Assert.True(
                            (Array.forall2 (fun x y -> x = y) g solution),
                            $"{name}: %A{solution} is not %A{g}"
                        )

                        close (dot g theta + h) value)

        testCase
            "The Fenchel-Young loss of every combinator lies above its tangent, and its gradient is the mean solution minus the target"
            (fun () ->
                for name, oracle, points in cases do
                    let op = perturb oracle Noise.gaussian 0.7 40
                    let target = fst points[3]

                    for seed in 1..6 do
                        let theta, other = random (2000 + seed) 4, random (3000 + seed) 4
                        let loss, gradient = op |> FenchelYoung.valueAndGradient theta target
                        let elsewhere = op |> FenchelYoung.value other target
                        let rise = dot gradient (Array.map2 (-) other theta)
                        // Both losses are means over the same noise, so the inequality is exact up to rounding.
                        Assert.True(
                            elsewhere.Value >= loss.Value + rise - 1e-10,
                            $"{name}: {elsewhere.Value} < {loss.Value + rise}"
                        )

                        let mean = op |> Smoothed.maximizer theta
                        Array.iteri2 (fun i m t -> close (m - t) gradient[i]) mean target)

        testCase "A loss with an offset says that it is known up to a constant only" (fun () ->
            for name, oracle, points in cases do
                let op = perturb oracle Noise.gaussian 0.7 10
                // Far from the centre a row is a vertex; in the middle it may not be.
                let farthest = points |> Array.map fst |> Array.maxBy (fun y -> dot y y)
                let loss = op |> FenchelYoung.value (random 7 4) farthest

                if name <> "product" && name <> "minimise" then
                    Assert.False(loss.IsTrueLoss, name))

        testCase "Vertices of products and of negated sets have true losses, and inner rows have not" (fun () ->
            let square =
                array2D [ [ 0.0; 0.0 ]; [ 0.0; 2.0 ]; [ 2.0; 0.0 ]; [ 2.0; 2.0 ]; [ 1.0; 1.0 ] ]

            let isTrue oracle (y: float[]) =
                let op = perturb oracle Noise.gaussian 0.5 20
                (op |> FenchelYoung.value (Array.zeroCreate y.Length) y).IsTrueLoss

            let product = Oracle.product [| Oracle.argmax 2; Oracle.finiteSet square |]
            Assert.True(isTrue product [| 0.0; 1.0; 2.0; 2.0 |])
            Assert.False(isTrue product [| 0.0; 1.0; 1.0; 1.0 |])
            Assert.False(isTrue product [| 0.5; 0.5; 2.0; 2.0 |])
            let negated = Oracle.minimise (Oracle.finiteSet square)
            Assert.True(isTrue negated [| -2.0; -2.0 |])
            Assert.False(isTrue negated [| -1.0; -1.0 |])

            Assert.Throws<System.ArgumentException>(fun () -> isTrue negated [| 2.0; 2.0 |] |> ignore)
            |> ignore)

        testCase "Minimising costs theta has the loss of maximising at minus theta, with the target negated" (fun () ->
            let maximise = Oracle.topK 2 5
            let theta, target = random 11 5, [| 1.0; 0.0; 0.0; 1.0; 0.0 |]

            let at seed oracle t y =
                perturb oracle Noise.gaussian 1.0 4000
                |> Smoothed.withKey (Key.create seed)
                |> FenchelYoung.value t y

            let cost = at 1UL (Oracle.minimise maximise) theta (Array.map (~-) target)
            let gain = at 2UL maximise (Array.map (~-) theta) target
            Assert.True(cost.IsTrueLoss && gain.IsTrueLoss)
            // Two independent means: six standard errors, 2e-9 of false alarms.
            let error = sqrt (cost.StandardError ** 2.0 + gain.StandardError ** 2.0)

            Assert.True(
                abs (cost.Value - gain.Value) <= 6.0 * error,
                $"{cost.Value} against {gain.Value}, error {error}"
            ))

        testCase "Minimising twice is maximising, bit for bit" (fun () ->
            let once = Oracle.ranking 6
            let twice = Oracle.minimise (Oracle.minimise once)
            Assert.Equal(once.Polytope, twice.Polytope)

            for seed in 1..10 do
                Assert.Equal(answer once (random seed 6), answer twice (random seed 6)))

        testCase
            "The perturbed maximizer of a product under shared noise is that of its factors side by side"
            (fun () ->
                // With one factor that ignores θ the other sees exactly the noise of its own coordinates.
                let fixedPoint = Oracle.finiteSet (array2D [ [ 3.0; 4.0 ] ])
                let theta = random 5 5

                let whole =
                    perturb (Oracle.product [| Oracle.ranking 3; fixedPoint |]) Noise.gaussian 0.8 200
                    |> Smoothed.maximizer theta

                let direct =
                    perturb
                        (Oracle.ofFunction 5 (fun t ->
                            Array.append (Oracle.solve t[..2] (Oracle.ranking 3)) [| 3.0; 4.0 |]))
                        Noise.gaussian
                        0.8
                        200
                    |> Smoothed.maximizer theta

                Assert.Equal<float[]>(direct, whole))

        sequencedCase "A combinator's solver allocates nothing once it is warm" (fun () ->
            let ranking = Oracle.ranking 6

            for oracle in
                [
                    Oracle.product [| ranking; Oracle.argmax 3 |]
                    Oracle.restrict [| 4; 1; 2 |] (random 1 6) ranking
                    Oracle.withOffset (random 2 6) ranking
                    Oracle.minimise ranking
                ] do
                let solver = oracle.Implementation.CreateSolver()
                let thetas = random 3 (16 * oracle.Dimension)
                let solutions: float[] = Array.zeroCreate thetas.Length
                let values: float[] = Array.zeroCreate 16

                let once () =
                    solver.Begin(0L, ReadOnlySpan(thetas, 0, oracle.Dimension))
                    solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
                    solver.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty)

                Assert.Equal(0L, Perturbed.Functional.Tests.AllocationTests.allocated once))

        testCase "Wrong arguments are errors that name the parameter" (fun () ->
            let wrong (name: string) (call: unit -> Oracle) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)
                Assert.Equal(name, error.ParamName)

            let ranking = Oracle.ranking 3
            wrong "oracles" (fun () -> Oracle.product [||])
            wrong "oracles" (fun () -> Oracle.product null)
            wrong "free" (fun () -> Oracle.restrict [||] [| 0.0; 0.0; 0.0 |] ranking)
            wrong "free" (fun () -> Oracle.restrict [| 3 |] [| 0.0; 0.0; 0.0 |] ranking)
            wrong "free" (fun () -> Oracle.restrict [| 1; 1 |] [| 0.0; 0.0; 0.0 |] ranking)
            wrong "theta" (fun () -> Oracle.restrict [| 1 |] [| 0.0; 0.0 |] ranking)
            wrong "theta" (fun () -> Oracle.restrict [| 1 |] [| nan; 0.0; 0.0 |] ranking)
            Oracle.restrict [| 0 |] [| nan; 0.0; 0.0 |] ranking |> ignore
            wrong "offset" (fun () -> Oracle.withOffset [| 1.0 |] ranking)
            wrong "offset" (fun () -> Oracle.withOffset [| 1.0; infinity; 0.0 |] ranking)
            wrong "offsets" (fun () -> Oracle.finiteSetWithOffsets (array2D [ [ 1.0 ] ]) [||])
            wrong "dimension" (fun () -> Oracle.generalised 0 id id (fun _ -> 0.0)))

        testCase "A generalised maximizer that answers nonsense is an OracleException that says what" (fun () ->
            let reason g h =
                let oracle = Oracle.generalised 2 id g h
                Assert.Throws<OracleException>(fun () -> Oracle.solve [| 1.0; 2.0 |] oracle |> ignore).Reason

            Assert.Contains("length 1", reason (fun _ -> [| 1.0 |]) (fun _ -> 0.0))
            Assert.Contains("null", reason (fun _ -> null) (fun _ -> 0.0))
            Assert.Contains("NaN", reason (fun _ -> [| 1.0; nan |]) (fun _ -> 0.0))
            Assert.Contains("h(y)", reason id (fun _ -> infinity))
            Assert.Contains("threw", reason id (fun _ -> invalidOp "no")))
    ]
