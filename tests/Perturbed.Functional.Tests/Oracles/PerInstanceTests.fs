/// Oracles of instances: which one a row of a call gets, what errors say, and where solvers go after an error.
module Perturbed.Functional.Tests.Oracles.PerInstanceTests

open System
open System.Threading
open Expecto
open Xunit
open Perturbed.Functional

let private oracles =
    [| Oracle.ranking 3; Oracle.rankingOf [| 0.0; 0.0; 5.0 |]; Oracle.rankingOf [| -1.0; 2.0; 9.0 |] |]

let private thetas =
    array2D [ [ 0.3; -1.0; 0.4 ]; [ 1.0; 0.9; 0.8 ]; [ 0.0; 0.1; 0.0 ]; [ 2.0; 1.0; 2.1 ] ]

let private instances = [| 2; 0; 2; 1 |]

let private many =
    perturb (Oracle.perInstance oracles) Noise.gaussian 0.7 40
    |> Smoothed.withInstances instances

let private variants: (Smoothed -> Smoothed)[] =
    [|
        id
        Smoothed.withThreads 1
        Smoothed.withCacheBytes 0L
        Smoothed.withVarianceReduction VarianceReduction.Baseline
        Smoothed.withSamples 9000
        Smoothed.withSampling SamplingDesign.Antithetic
        Smoothed.exact
    |]

let private g =
    array2D [ [ 1.0; 0.5; -1.0 ]; [ 0.0; 2.0; 1.0 ]; [ 1.0; 1.0; 0.0 ]; [ 0.3; 0.2; 0.1 ] ]

// A solution of each row's own oracle.
let private targets =
    Oracle.perInstance oracles |> Oracle.solveInstances instances g

let private rows (matrix: float[,]) (r: int) : float[] = matrix[r, *]

// Each function of a batch, row by row: the answer of the batch, and that of one θ and one oracle.
let private functions: (string * (Smoothed -> int -> float[]) * (Smoothed -> int -> float[]))[] =
    [|
        "maximizer",
        (fun op r -> (Batch.maximizer thetas op)[r, *]),
        (fun op r -> Smoothed.maximizer (rows thetas r) op)
        "maximum",
        (fun op r -> [| op |> Batch.maximum thetas |> Array.item r |]),
        (fun op r -> [| Smoothed.maximum (rows thetas r) op |])
        "estimate",
        (fun op r -> (op |> Batch.estimate thetas |> Array.item r).Maximizer),
        (fun op r -> (Smoothed.estimate (rows thetas r) op).Maximizer)
        "vector-Jacobian",
        (fun op r -> (Batch.vectorJacobian g thetas op).Value[r, *]),
        (fun op r -> (Smoothed.vectorJacobian (rows g r) (rows thetas r) op).Value)
        "Jacobian-vector",
        (fun op r -> (Batch.jacobianVector g thetas op).Value[r, *]),
        (fun op r -> (Smoothed.jacobianVector (rows g r) (rows thetas r) op).Value)
        "Jacobian",
        (fun op r -> (Batch.jacobian thetas op)[r, *, *] |> Seq.cast<float> |> Array.ofSeq),
        (fun op r -> Smoothed.jacobian (rows thetas r) op |> Seq.cast<float> |> Array.ofSeq)
        "pullback",
        (fun op r -> ((snd (Batch.pullback thetas op)) g)[r, *]),
        (fun op r -> (snd (Smoothed.pullback (rows thetas r) op)) (rows g r))
        "Fenchel-Young",
        (fun op r ->
            let losses, gradients = FenchelYoung.valueAndGradientBatch thetas targets op
            Array.append [| losses[r].Value |] gradients[r, *]),
        (fun op r ->
            let loss, gradient =
                FenchelYoung.valueAndGradient (rows thetas r) (rows targets r) op

            Array.append [| loss.Value |] gradient)
        "Fenchel-Young gradient",
        (fun op r -> (FenchelYoung.gradientBatch thetas targets op)[r, *]),
        (fun op r -> FenchelYoung.gradient (rows thetas r) (rows targets r) op)
    |]

/// An oracle of one answer, whose solvers may fail to be made or to answer, and refuse to be used by two calls at once or after a failure.
type private Fragile(answer: float) =
    member val FailsToCreate = false with get, set
    member val FailsToSolve = false with get, set
    member val Created = 0 with get, set

    interface IOracle with
        member _.Name = $"fragile {answer}"
        member _.Dimension = 1
        member _.SolutionDimension = 1
        member _.IsSolution _ = false

        member this.CreateSolver() =
            if this.FailsToCreate then
                failwith "no solver"

            this.Created <- this.Created + 1
            let inUse = ref 0
            let failed = ref false

            { new ISolver with
                member _.Begin(_, _) = ()

                member _.Solve(_, solutions, values) =
                    Assert.False(failed.Value, "a solver that threw was used again")
                    Assert.Equal(1, Interlocked.Increment inUse)
                    solutions.Fill answer
                    values.Clear()
                    failed.Value <- this.FailsToSolve
                    Interlocked.Decrement inUse |> ignore

                    if this.FailsToSolve then
                        failwith "no answer"
            }

let private solveEach (oracle: Oracle) (instances: int[]) : float[] =
    oracle
    |> Oracle.solveInstances instances (Array2D.zeroCreate instances.Length 1)
    |> Seq.cast<float>
    |> Array.ofSeq

[<Tests>]
let tests =
    testList "Oracles.PerInstance" [
        testCase
            "Every function of a batch solves each row by the oracle of its instance, with the noise of its place"
            (fun () ->
                for change in variants do
                    for name, together, alone in functions do
                        for r in 0..3 do
                            let own =
                                perturb oracles[instances[r]] Noise.gaussian 0.7 40
                                |> Smoothed.withFirstRow (int64 r)
                                |> change

                            let expected, actual = alone own r, together (change many) r

                            Array.iter2
                                (fun (e: float) (a: float) ->
                                    Assert.True(abs (e - a) <= 1e-12 * (1.0 + abs e), $"{name}, row {r}: {e} and {a}"))
                                expected
                                actual)

        testCase "An operator of one problem keeps its bits whatever the instances are called" (fun () ->
            let op = perturb (Oracle.assignment 2 2) Noise.gaussian 0.5 30
            let theta = array2D [ [ 1.0; 0.5; 0.2; 0.9 ]; [ 0.1; 0.2; 0.3; 0.4 ] ]
            let expected, back = op |> Batch.pullback theta
            let actual, back' = op |> Smoothed.withInstances [| 17; 4 |] |> Batch.pullback theta
            Assert.Equal<float[,]>(expected, actual)
            Assert.Equal<float[,]>(back expected, back' expected))

        testCase "A single theta is of the one instance given, in the dual and in what is known of Omega too" (fun () ->
            let second =
                perturb (Oracle.perInstance oracles) Noise.gaussian 1.0 2000
                |> Smoothed.withInstances [| 1 |]

            Assert.Equal(0.0, second |> Regularizer.known [| 5.0; 0.0; 0.0 |])
            Assert.Equal(infinity, second |> Regularizer.known [| 1.0; 2.0; 3.0 |])
            let y = second |> Smoothed.maximizer [| 0.2; 0.1; 0.0 |]
            let alone = perturb oracles[1] Noise.gaussian 1.0 2000 |> Regularizer.solveAt 0.02 y
            Assert.Equal((second |> Regularizer.solveAt 0.02 y).Value, alone.Value))

        testCase "Wrappers of oracles of instances know what each instance is" (fun () ->
            // The second point of the second set lies between its others: a solution, and no vertex.
            let sets =
                [| Oracle.ranking 1; Oracle.finiteSet (array2D [ [ 0.0 ]; [ 1.0 ]; [ 2.0 ] ]) |]

            for wrap, target in
                [
                    Oracle.withName "named", 1.0
                    Oracle.synchronized, 1.0
                    (fun oracle -> Oracle.product [| oracle |]), 1.0
                    Oracle.minimise, -1.0
                ] do
                let op = perturb (wrap (Oracle.perInstance sets)) Noise.gaussian 1.0 10

                let losses, _ =
                    op
                    |> FenchelYoung.valueAndGradientBatch
                        (array2D [ [ 0.0 ]; [ 0.0 ] ])
                        (array2D [ [ target ]; [ target ] ])

                Assert.Equal<bool[]>([| true; false |], losses |> Array.map _.IsTrueLoss))

        testCase "Lists of instances that do not fit are named" (fun () ->
            let op = perturb (Oracle.perInstance oracles) Noise.gaussian 0.7 4

            let error (name: string) (parts: string list) (call: unit -> 'T) =
                let thrown = Assert.Throws<ArgumentException>(fun () -> call () |> ignore)
                Assert.Equal(name, thrown.ParamName)

                for part in parts do
                    Assert.Contains(part, thrown.Message)

            error "instances" [ "instances[1] is 3"; "3 oracles" ] (fun () -> op |> Smoothed.withInstances [| 0; 3 |])
            error "instances" [ "instances[0] is -1" ] (fun () -> op |> Smoothed.withInstances [| -1 |])
            error "instances" [ "length 4"; "2 rows" ] (fun () -> many |> Batch.maximizer thetas[..1, *])
            error "instances" [ "length 4"; "1 rows" ] (fun () -> many |> Smoothed.maximizer [| 1.0; 2.0; 3.0 |])

            error "oracles" [ "oracles[1] is null" ] (fun () ->
                Oracle.perInstance [| Oracle.argmax 3; Unchecked.defaultof<Oracle> |])

            Assert.Empty(op |> Smoothed.withInstances [||] |> Batch.maximizer (Array2D.zeroCreate 0 3)))

        testCase "The error of an oracle names the row of the batch and the instance" (fun () ->
            let failing = Oracle.ofFunction 3 (fun _ -> failwith "broken")
            let oracle = Oracle.perInstance [| oracles[0]; failing; oracles[2] |]

            for threads in [ 1; 3 ] do
                let op =
                    perturb oracle Noise.gaussian 0.7 2000
                    |> Smoothed.withThreads threads
                    |> Smoothed.withInstances [| 2; 0; 1; 1 |]

                let error =
                    Assert.Throws<OracleException>(fun () -> op |> Batch.maximizer thetas |> ignore)

                Assert.Equal(struct (2L, 1L), struct (error.Row, error.Instance))
                Assert.Contains("row 2 (instance 1)", error.Message)

            let error =
                Assert.Throws<OracleException>(fun () ->
                    oracle |> Oracle.solveInstances [| 0; 0; 0; 1 |] thetas |> ignore)

            Assert.Equal(struct (3L, 1L), struct (error.Row, error.Instance)))

        testCase
            "After a solver that could not be made, every instance still answers for itself, from the pool of its own"
            (fun () ->
                let first, second = Fragile 1.0, Fragile 2.0
                let oracle = Oracle.perInstance [| Oracle.create first; Oracle.create second |]
                let solver = oracle.Implementation.CreateSolver()

                let solve (instance: int) : float =
                    solver.Begin(int64 instance, ReadOnlySpan [| 0.0 |])
                    let answer = [| 0.0 |]
                    solver.Solve(ReadOnlySpan [| 0.0 |], Span answer, Span.Empty)
                    answer[0]

                Assert.Equal(1.0, solve 0)
                second.FailsToCreate <- true
                Assert.ThrowsAny<Exception>(fun () -> solve 1 |> ignore) |> ignore
                second.FailsToCreate <- false
                Assert.Equal(2.0, solve 1)
                Assert.Equal(1.0, solve 0)
                Assert.Equal<float[]>([| 2.0; 1.0; 2.0 |], solveEach oracle [| 1; 0; 1 |]))

        testCase "A solver that threw is not used again, whichever call it threw in" (fun () ->
            let first, second = Fragile 1.0, Fragile 2.0
            let oracle = Oracle.perInstance [| Oracle.create first; Oracle.create second |]

            for threads in [ 1; 3 ] do
                let op =
                    perturb oracle Noise.gaussian 1.0 50
                    |> Smoothed.withThreads threads
                    |> Smoothed.withInstances (Array.init 20 (fun i -> i % 2))

                let solve () =
                    op
                    |> Batch.maximizer (Array2D.zeroCreate 20 1)
                    |> Seq.cast<float>
                    |> Array.ofSeq

                let expected = Array.init 20 (fun i -> float (1 + i % 2))

                for fails in [ true; false ] do
                    second.FailsToSolve <- fails

                    if fails then
                        Assert.ThrowsAny<Exception>(fun () -> solve () |> ignore) |> ignore

                        Assert.ThrowsAny<Exception>(fun () -> solveEach oracle [| 0; 1 |] |> ignore)
                        |> ignore
                    else
                        Assert.Equal<float[]>(expected, solve ())
                        Assert.Equal<float[]>([| 1.0; 2.0 |], solveEach oracle [| 0; 1 |])

                second.FailsToCreate <- true
                // A pool that is empty again makes a solver, which fails with the error itself for any number of threads.
                let fresh = Fragile 3.0
                fresh.FailsToCreate <- true

                let fresh =
                    perturb (Oracle.create fresh) Noise.gaussian 1.0 50
                    |> Smoothed.withThreads threads

                let error =
                    Assert.ThrowsAny<Exception>(fun () -> fresh |> Batch.maximizer (Array2D.zeroCreate 20 1) |> ignore)

                Assert.Equal("no solver", error.Message)
                second.FailsToCreate <- false)

        testCase "The oracle of an instance is the one it was made of, which knows its own hull" (fun () ->
            let oracle = Oracle.perInstance oracles

            for i in 0..2 do
                let own = oracle |> Oracle.ofInstance i
                Assert.Equal<float[]>(oracles[i] |> Oracle.solve thetas[0, *], own |> Oracle.solve thetas[0, *])
                Assert.Equal(Membership.Inside, own |> Oracle.membership (oracles[i] |> Oracle.solve thetas[1, *]))
                Assert.True((own |> Oracle.membership [| 7.0; 7.0; 7.0 |]).IsOutside)

            Assert.Same(oracles[1], oracles[1] |> Oracle.ofInstance 12)

            for wrong, words in
                [
                    -1, "instance is -1; instances are numbered from 0."
                    3, "has 3 oracles, those of the instances 0 to 2."
                ] do
                let error =
                    Assert.Throws<ArgumentException>(fun () -> oracle |> Oracle.ofInstance wrong |> ignore)

                Assert.Contains(words, error.Message))
    ]
