/// A solve that fails is an error that names row and sample, and a user's solver is called sample by sample.
module Perturbed.Functional.Tests.FailedSolveTests

open System
open System.Threading
open Expecto
open Perturbed.Functional
open Xunit

let private best (theta: float[]) : float[] =
    let top = Array.IndexOf(theta, Array.max theta)
    Array.init theta.Length (fun i -> if i = top then 1.0 else 0.0)

let private theta = [| 0.3; -0.2; 0.1; 0.4 |]

/// A solver of users' own that says how many rows it wants a call, and notes how many it was given.
let private contract (batchSize: int) (calls: Collections.Concurrent.ConcurrentQueue<int>) (solve: float[] -> float[]) =
    { new IOracle with
        member _.Name = "contract"
        member _.Dimension = 4
        member _.SolutionDimension = 4
        member _.DependsOnInstance = false
        member _.IsSolution _ = false
        member _.BatchSize = batchSize

        member _.CreateSolver() =
            { new ISolver with
                member _.Solve(thetas, solutions, values) =
                    calls.Enqueue(thetas.Length / 4)

                    for m in 0 .. thetas.Length / 4 - 1 do
                        (solve (thetas.Slice(4 * m, 4).ToArray())).AsSpan().CopyTo(solutions.Slice(4 * m, 4))

                    values.Clear()
            }
    }

let private failing (kind: SolveFailure) (theta: float[]) : float[] =
    if theta[0] > 1.5 then
        raise (SolveFailedException(kind, "status 3"))
    else
        best theta

let private message (work: unit -> 'T) : OracleException =
    Assert.Throws<OracleException>(fun () -> work () |> ignore)

[<Tests>]
let tests =
    testList "Robustness.FailedSolve" [
        testCase "An error names oracle, row, sample and kind" (fun () ->
            let op =
                perturb (Oracle.ofFunction 4 (failing SolveFailure.Infeasible)) Noise.gaussian 1.0 1000
            // The first sample whose θ + εZ fails, by the noise itself.
            let draws =
                perturb (Oracle.ofFunction 4 id) Noise.gaussian 1.0 1000
                |> Batch.samples (array2D [ theta; theta ])

            let first = Seq.find (fun m -> draws[1, m, 0] > 1.5) [ 0..999 ]
            let one = op |> Smoothed.withFirstRow 1L

            for threads in [ 1; 3 ] do
                let error =
                    message (fun () -> one |> Smoothed.withThreads threads |> Smoothed.maximizer theta)

                Assert.Equal(1L, error.Row)
                Assert.Equal(int64 first, error.Sample)

                Assert.Equal(
                    $"Oracle 'function', row 1, sample {first}: the problem is infeasible: status 3",
                    error.Message
                )

                Assert.Equal(SolveFailure.Infeasible, (SolveFailedException.Of error).Failure))

        testCase "Rows of few samples that share a block have their own errors, and instances are named" (fun () ->
            let op =
                perturb (Oracle.ofFunction 4 (failing SolveFailure.TimedOut)) Noise.gaussian 1e-9 3
                |> Smoothed.withThreads 1

            let thetas =
                Array2D.init 40 4 (fun r i -> if r = 17 && i = 0 then 2.0 else 0.1 * float i)

            let error = message (fun () -> op |> Batch.maximizer thetas)
            Assert.Equal("Oracle 'function', row 17, sample 0: the solve timed out: status 3", error.Message)
            let given = op |> Smoothed.withInstances [| 100..139 |]
            let error = message (fun () -> given |> Batch.jacobian thetas)
            Assert.Equal(struct (17L, 117L, 0L), struct (error.Row, error.Instance, error.Sample)))

        testCase "Solutions without noise name the row" (fun () ->
            let oracle =
                Oracle.ofFunction 4 (failing SolveFailure.Failed) |> Oracle.withName "mine"

            let thetas = Array2D.init 5 4 (fun r i -> if r = 3 && i = 0 then 2.0 else 0.1)
            let error = message (fun () -> oracle |> Oracle.solveBatch thetas)
            Assert.Equal("Oracle 'mine', row 3: the solve failed: status 3", error.Message))

        testCase "A program without a maximum is a failed solve" (fun () ->
            let rows = array2D [ [ 1.0; -1.0 ] ]
            let program = Oracle.linearProgram rows [| 1.0 |]
            let error = message (fun () -> program |> Oracle.solve [| 1.0; 1.0 |])
            Assert.Equal(SolveFailure.Unbounded, (SolveFailedException.Of error).Failure))

        testCase "A user's contract gets as many rows a call as it declares, with the same bits" (fun () ->
            let answer (batchSize: int) =
                let calls = Collections.Concurrent.ConcurrentQueue<int>()

                let op =
                    perturb (Oracle.create (contract batchSize calls best)) Noise.gaussian 1.0 1000

                let one = op |> Smoothed.maximizer theta

                let batch =
                    op |> Smoothed.withSamples 3 |> Batch.maximizer (Array2D.create 50 4 0.25)

                one, batch, Seq.max calls

            let one, batch, most = answer 0
            Assert.Equal(1, most)

            for batchSize in [ 1; 7; 1000 ] do
                let one', batch', most = answer batchSize
                Assert.Equal<float>(one, one')
                Assert.Equal(batch, batch')
                Assert.InRange(most, min batchSize 2, batchSize))

        testCase "A cancelled token stops a user's contract after one solve" (fun () ->
            use source = new CancellationTokenSource()
            let solves = ref 0

            let solve (theta: float[]) =
                if Interlocked.Increment &solves.contents = 5 then
                    source.Cancel()

                best theta

            let calls = Collections.Concurrent.ConcurrentQueue<int>()

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                perturb (Oracle.create (contract 0 calls solve)) Noise.gaussian 1.0 1000
                |> Smoothed.withCancellation source.Token
                |> Smoothed.withThreads 1
                |> Smoothed.maximizer theta
                |> ignore)
            |> ignore

            Assert.Equal(5, solves.Value))

        testCase "A negative batch size is an error" (fun () ->
            let error =
                Assert.Throws<ArgumentException>(fun () ->
                    Oracle.create (contract -1 (Collections.Concurrent.ConcurrentQueue()) best)
                    |> ignore)

            Assert.Contains("BatchSize is -1", error.Message))
    ]
