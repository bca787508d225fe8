/// Time limits, retries, solvers that answer by tasks, and solvers in other processes.
module Perturbed.Functional.Tests.SlowSolverTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Perturbed.Functional
open Xunit

let private theta = [| 0.3; -0.2; 0.1; 0.4 |]

let private best (theta: float[]) : float[] =
    let top = Array.IndexOf(theta, Array.max theta)
    Array.init theta.Length (fun i -> if i = top then 1.0 else 0.0)

let private op (oracle: Oracle) : Smoothed =
    perturb oracle Noise.gaussian 1.0 200 |> Smoothed.withThreads 2

let private expected = op (Oracle.ofFunction 4 best) |> Smoothed.maximizer theta

let private refused (work: unit -> 'T) : OracleException =
    Assert.Throws<OracleException>(fun () -> work () |> ignore)

let private failureOf (error: OracleException) : SolveFailure =
    match SolveFailedException.Of error with
    | null -> failtest $"{error.Message} is no failed solve"
    | failure -> failure.Failure

// A shell that reads lines and runs a command for each.
let private shell (script: string) : SolverProcess =
    new SolverProcess("sh", [ "-c"; script ])

let private needs (program: string) : unit =
    let start = ProcessStartInfo(program, "--version")
    start.RedirectStandardOutput <- true
    start.RedirectStandardError <- true

    try
        match Process.Start start with
        | null -> ()
        | started -> started.WaitForExit()
    with :? ComponentModel.Win32Exception ->
        skiptest $"{program} is not here"

let private isThere (pid: int) : bool =
    try
        use found = Process.GetProcessById pid
        not found.HasExited
    with :? ArgumentException ->
        false

let private eventually (condition: unit -> bool) : unit =
    Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds 20.0))

[<Tests>]
let tests =
    testList "Robustness.SlowSolver" [
        testCase "A solve past its time limit is a failed solve, whether it looks at its token or not" (fun () ->
            let waits (token: CancellationToken) (theta: float[]) : float[] =
                if theta[0] > 0.5 then
                    token.WaitHandle.WaitOne(TimeSpan.FromSeconds 60.0) |> ignore
                    token.ThrowIfCancellationRequested()

                best theta

            let sleeps (theta: float[]) : float[] =
                if theta[0] > 1.0 then
                    Thread.Sleep 900

                best theta

            for oracle in [ Oracle.ofCancellableFunction 4 waits; Oracle.ofFunction 4 sleeps ] do
                let limited = oracle |> Oracle.withTimeLimit (TimeSpan.FromSeconds 0.5)
                let error = refused (fun () -> limited |> Oracle.solve [| 2.0; 0.0; 0.0; 0.0 |])
                Assert.Equal(SolveFailure.TimedOut, failureOf error)
                Assert.Contains("the solve timed out", error.Message)
                Assert.Equal<float>(best theta, limited |> Oracle.solve theta)

            let lenient =
                perturb
                    (Oracle.ofCancellableFunction 4 waits
                     |> Oracle.withTimeLimit (TimeSpan.FromSeconds 0.5))
                    Noise.gaussian
                    0.5
                    20
                |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.9)

            Assert.InRange((lenient |> Smoothed.estimate theta).LeftOut, 1, 18))

        testCase "A cancelled operator is no time-out" (fun () ->
            use source = new CancellationTokenSource()

            let cancels (token: CancellationToken) (theta: float[]) : float[] =
                source.Cancel()
                token.ThrowIfCancellationRequested()
                best theta

            let limited =
                Oracle.ofCancellableFunction 4 cancels
                |> Oracle.withTimeLimit (TimeSpan.FromHours 1.0)

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                op limited
                |> Smoothed.withCancellation source.Token
                |> Smoothed.maximizer theta
                |> ignore)
            |> ignore)

        testCase "A limit that is no time is an error" (fun () ->
            for limit in [ TimeSpan.Zero; TimeSpan.FromSeconds -1.0; TimeSpan.MaxValue ] do
                Assert.Throws<ArgumentOutOfRangeException>(fun () ->
                    Oracle.argmax 3 |> Oracle.withTimeLimit limit |> ignore)
                |> ignore)

        testCase "Retries solve again where a solve failed by chance, and nowhere else" (fun () ->
            for kind, retried in
                [ SolveFailure.Failed, true; SolveFailure.TimedOut, true; SolveFailure.Infeasible, false ] do
                let calls = ref 0

                let flaky (theta: float[]) : float[] =
                    if Interlocked.Increment &calls.contents % 2 = 1 then
                        raise (SolveFailedException(kind, "down"))

                    best theta

                let solve () =
                    Oracle.ofFunction 4 flaky
                    |> Oracle.withRetries 2
                    |> op
                    |> Smoothed.withThreads 1
                    |> Smoothed.maximizer theta

                if retried then
                    Assert.Equal<float>(expected, solve ())
                else
                    Assert.Equal(kind, failureOf (refused solve)))

        testCase "Tasks give the same bits, no more of them at once than allowed" (fun () ->
            let running, most = ref 0, ref 0

            let answer (token: CancellationToken) (theta: float[]) : Task<float[]> =
                task {
                    let now = Interlocked.Increment &running.contents
                    lock most (fun () -> most.Value <- max most.Value now)
                    do! Task.Delay(1, token)
                    Interlocked.Decrement &running.contents |> ignore
                    return best theta
                }

            for most' in [ 1; 3; 100 ] do
                most.Value <- 0
                let tasks = Oracle.ofAsyncFunction 4 most' answer
                Assert.Equal<float>(expected, op tasks |> Smoothed.maximizer theta)
                Assert.InRange(most.Value, 1, most')
                Assert.True((tasks |> Oracle.check (Key.create 1UL) 3).Passed))

        testCase "Errors, failures and cancellation of tasks" (fun () ->
            let failing (error: exn) =
                Oracle.ofAsyncFunction 4 8 (fun _ theta ->
                    task { return if theta[0] > 1.0 then raise error else best theta })

            let error =
                refused (fun () -> op (failing (InvalidOperationException "down")) |> Smoothed.maximizer theta)

            Assert.Contains("it threw InvalidOperationException: down", error.Message)
            let failed = failing (SolveFailedException(SolveFailure.Unbounded, "far"))
            Assert.Equal(SolveFailure.Unbounded, failureOf (refused (fun () -> op failed |> Smoothed.maximizer theta)))

            let same (theta: float[]) =
                if theta[0] > 1.0 then
                    raise (SolveFailedException(SolveFailure.Unbounded, "far"))

                best theta

            let lenient oracle =
                op oracle
                |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.9)
                |> Smoothed.jacobian theta

            Assert.Equal(lenient (Oracle.ofFunction 4 same), lenient failed)
            let short = Oracle.ofAsyncFunction 4 8 (fun _ _ -> Task.FromResult [| 1.0 |])
            Assert.Contains("has length 1", (refused (fun () -> short |> Oracle.solve theta)).Message)
            // A task that never looks at its token does not hold a cancelled call.
            use source = new CancellationTokenSource(50)

            let never =
                Oracle.ofAsyncFunction 4 8 (fun _ _ -> TaskCompletionSource<float[]>().Task)

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                op never
                |> Smoothed.withCancellation source.Token
                |> Smoothed.maximizer theta
                |> ignore)
            |> ignore)

        testCase "A solver in Python has the bits of the built-in one, and passes the check" (fun () ->
            needs "python3"
            let script = Path.Combine(__SOURCE_DIRECTORY__, "../../../scripts/solver.py")
            use python = new SolverProcess("python3", [ script; "2" ])
            let oracle = Oracle.ofProcess 4 python
            let builtIn = perturb (Oracle.topK 2 4) Noise.gaussian 1.0 1000

            for threads in [ 1; 3 ] do
                let smoothed =
                    perturb oracle Noise.gaussian 1.0 1000 |> Smoothed.withThreads threads

                for i in 0..3 do
                    Assert.Equal(
                        (builtIn |> Smoothed.maximizer theta)[i],
                        (smoothed |> Smoothed.maximizer theta)[i],
                        1e-12
                    )

                Assert.Equal<float>(
                    smoothed |> Smoothed.withThreads 1 |> Smoothed.jacobian theta |> Seq.cast<float>,
                    smoothed |> Smoothed.jacobian theta |> Seq.cast<float>
                )

            Assert.True((oracle |> Oracle.check (Key.create 1UL) 5).Passed)
            use few = new SolverProcess("python3", [ script; "9" ])
            let error = refused (fun () -> Oracle.ofProcess 4 few |> Oracle.solve theta)
            Assert.Equal(SolveFailure.Infeasible, failureOf error)
            Assert.Contains("9 of 4 entries cannot be chosen", error.Message))

        testCase "A process that ends is a failed solve with its last words, and is followed by a new one" (fun () ->
            use bad = shell "read line; echo no licence >&2; exit 3"

            let error =
                refused (fun () -> Oracle.ofProcess 2 bad |> Oracle.solve [| 1.0; 2.0 |])

            Assert.Equal(SolveFailure.Failed, failureOf error)

            for part in [ "process sh -c"; "row 0"; "exit code 3"; "no licence" ] do
                Assert.Contains(part, error.Message)

            let marker = Path.GetTempFileName()
            let once = $"if [ -e {marker} ]; then rm {marker}; exit 1; fi; "

            use crashing =
                shell (once + """while read line; do echo '{"solutions": [[1, 0]]}'; done""")

            let oracle = Oracle.ofProcess 2 crashing |> Oracle.withBatchSize 1
            Assert.Equal(SolveFailure.Failed, failureOf (refused (fun () -> oracle |> Oracle.solve [| 1.0; 2.0 |])))
            Assert.Equal<float>([| 1.0; 0.0 |], oracle |> Oracle.solve [| 1.0; 2.0 |])
            File.WriteAllText(marker, "")

            use again =
                shell (once + """while read line; do echo '{"solutions": [[1, 0]]}'; done""")

            let retried =
                Oracle.ofProcess 2 again |> Oracle.withBatchSize 1 |> Oracle.withRetries 2

            Assert.Equal<float>([| 1.0; 0.0 |], retried |> Oracle.solve [| 1.0; 2.0 |]))

        testCase "A line that is no answer is an error that shows it" (fun () ->
            for line, what in
                [
                    "hello", "no line of JSON"
                    "[1, 0]", "no object"
                    """{"answer": 1}""", "no array \"solutions\""
                    """{"solutions": [[1, 0], [0, 1]]}""", "2 solutions to 1 θ"
                    """{"solutions": [[1, 0, 0]]}""", "solution 0 has 3 entries; the dimension is 2"
                    """{"solutions": [[1, null]]}""", "entry 1 of solution 0"
                    """{"solutions": [[1, NaN]]}""", "no line of JSON"
                    """{"solutions": [7]}""", "solution 0 is Number"
                    """{"solutions": [{"failed": "lost"}]}""", "without \"failed\""
                    """{"solutions": [[1, 1e300]]}""", "of size"
                    "", "no line of JSON"
                ] do
                use wrong = shell $"while read line; do echo '{line}'; done"

                let error =
                    refused (fun () -> Oracle.ofProcess 2 wrong |> Oracle.solve [| 1.0; 2.0 |])

                Assert.Contains(what, error.Message)
                Assert.Null(SolveFailedException.Of error)

            use missing = new SolverProcess("no-such-program", [])

            let error =
                refused (fun () -> Oracle.ofProcess 2 missing |> Oracle.solve [| 1.0; 2.0 |])

            Assert.Contains("cannot be started", error.Message))

        testCase "A cancelled call and a time limit end the process, and a disposed solver has none" (fun () ->
            let file = Path.GetTempFileName()
            use slow = shell $"echo $$ >> {file}; read line; sleep 600"
            let oracle = Oracle.ofProcess 2 slow
            use source = new CancellationTokenSource(1000)

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                perturb oracle Noise.gaussian 1.0 3
                |> Smoothed.withCancellation source.Token
                |> Smoothed.maximizer [| 1.0; 2.0 |]
                |> ignore)
            |> ignore

            let limited = oracle |> Oracle.withTimeLimit (TimeSpan.FromSeconds 1.0)
            let error = refused (fun () -> limited |> Oracle.solve [| 1.0; 2.0 |])
            Assert.Equal(SolveFailure.TimedOut, failureOf error)
            let pids = File.ReadAllLines file |> Array.map int
            Assert.True(pids.Length >= 2)
            eventually (fun () -> not (Array.exists isThere pids))

            let quick =
                shell $"echo $$ > {file}; while read line; do echo '{{\"solutions\": [[1, 0]]}}'; done"

            let oracle = Oracle.ofProcess 2 quick
            Assert.Equal<float>([| 1.0; 0.0 |], oracle |> Oracle.solve [| 1.0; 2.0 |])
            let pid = int (File.ReadAllText file)
            Assert.True(isThere pid)
            (quick :> IDisposable).Dispose()
            Assert.False(isThere pid)

            Assert.Throws<ObjectDisposedException>(fun () -> oracle |> Oracle.solve [| 1.0; 2.0 |] |> ignore)
            |> ignore)

        testCase "Progress counts samples and failures, and ends with the standard error of the estimate" (fun () ->
            let some (theta: float[]) : float[] =
                if theta[0] > 1.0 then
                    raise (SolveFailedException(SolveFailure.Failed, "far"))

                best theta

            for threads in [ 1; 3 ] do
                let reports = Collections.Concurrent.ConcurrentQueue<SolveProgress>()

                let listener =
                    { new IProgress<SolveProgress> with
                        member _.Report state = reports.Enqueue state
                    }

                let lenient =
                    perturb (Oracle.ofFunction 4 some) Noise.gaussian 1.0 1000
                    |> Smoothed.withFailures (FailurePolicy.LeaveOut 1.0)
                    |> Smoothed.withThreads threads

                let estimate =
                    lenient |> Smoothed.withSolveProgress listener |> Smoothed.estimate theta

                Assert.Equal(lenient |> Smoothed.estimate theta, estimate)
                let last = reports |> Seq.maxBy _.Done
                Assert.Equal(struct (1000L, 1000L, 1.0), struct (last.Done, last.Total, last.Share))
                Assert.Equal(int64 estimate.LeftOut, last.Failures)
                Assert.Equal(Array.max estimate.MaximizerStandardErrors, last.StandardError, 1e-9)
                Assert.InRange(reports.Count, 10, 100))

        testCase "Arguments are checked" (fun () ->
            Assert.Throws<ArgumentException>(fun () -> new SolverProcess(" ", []) |> ignore)
            |> ignore

            use some = new SolverProcess("sh", [])

            Assert.ThrowsAny<ArgumentException>(fun () -> Oracle.ofProcess 0 some |> ignore)
            |> ignore

            Assert.ThrowsAny<ArgumentException>(fun () ->
                Oracle.ofAsyncFunction 2 0 (fun _ theta -> Task.FromResult theta) |> ignore)
            |> ignore)
    ]
    |> testSequenced
