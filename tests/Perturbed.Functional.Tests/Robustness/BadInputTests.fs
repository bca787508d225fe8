/// Bad input: every message names the parameter, what it was and what was expected.
module Perturbed.Functional.Tests.BadInputTests

open System
open System.Collections.Concurrent
open System.Threading
open Expecto
open Perturbed.Functional
open Perturbed.Suite
open Xunit

let private smoothed = perturb (Oracle.ranking 3) Noise.gaussian 0.5 10

let private theta = [| 1.0; 2.0; 3.0 |]

let private fails<'E, 'a when 'E :> exn> (words: string list) (action: unit -> 'a) : 'E =
    let error = Assert.ThrowsAny<'E>(fun () -> action () |> ignore)

    for word in words do
        Assert.Contains(word, error.Message)

    error

let private argument (parameter: string) (words: string list) (action: unit -> 'a) : unit =
    let error = fails<ArgumentException, 'a> words action
    Assert.Equal(parameter, error.ParamName)

let private failing (answer: float[] -> float[]) =
    perturb (Oracle.ofFunction 3 answer |> Oracle.withName "mine") Noise.gaussian 0.5 50

[<Tests>]
let tests =
    testList "Robustness.BadInput" [
        testCase "Epsilon must be positive and finite" (fun () ->
            for epsilon in [ 0.0; -1.0; nan; infinity; 1e300 ] do
                argument "epsilon" [ $"epsilon is {epsilon}" ] (fun () ->
                    perturb (Oracle.argmax 3) Noise.gaussian epsilon 10)

                argument "epsilon" [ $"epsilon is {epsilon}" ] (fun () -> smoothed |> Smoothed.withEpsilon epsilon)

            argument "epsilons[1]" [ "epsilons[1] is -1" ] (fun () ->
                smoothed |> Smoothed.withEpsilons [| 1.0; -1.0; 1.0 |])

            argument "epsilons" [ "length 2"; "3" ] (fun () -> smoothed |> Smoothed.withEpsilons [| 1.0; 1.0 |]))

        testCase "The number of samples and of threads is at least one" (fun () ->
            for count in [ 0; -1; Int32.MinValue ] do
                argument "samples" [ $"samples is {count}" ] (fun () ->
                    perturb (Oracle.argmax 3) Noise.gaussian 1.0 count)

                argument "samples" [ $"samples is {count}" ] (fun () -> smoothed |> Smoothed.withSamples count)
                argument "threads" [ $"threads is {count}" ] (fun () -> smoothed |> Smoothed.withThreads count))

        testCase "Theta must have the oracle's length and finite entries" (fun () ->
            argument "theta" [ "length 2"; "ranking"; "3" ] (fun () -> smoothed |> Smoothed.maximizer [| 1.0; 2.0 |])
            argument "theta" [ "length 0" ] (fun () -> smoothed |> Smoothed.maximum [||])

            for bad in [ nan; infinity; -infinity; 1e300 ] do
                let theta = [| 1.0; bad; 0.0 |]
                argument "theta" [ $"theta[1] is {bad}" ] (fun () -> smoothed |> Smoothed.maximizer theta)
                argument "theta" [ $"theta[1] is {bad}" ] (fun () -> smoothed |> Smoothed.jacobian theta)
                argument "theta" [ $"theta[1] is {bad}" ] (fun () -> smoothed |> Smoothed.pullback theta)

                argument "theta" [ $"theta[1] is {bad}" ] (fun () ->
                    smoothed |> FenchelYoung.value theta [| 1.0; 2.0; 3.0 |])

                argument "theta" [ $"theta[1] is {bad}" ] (fun () -> Oracle.ranking 3 |> Oracle.solve theta))

        testCase "A bad entry of a batch is named with its row" (fun () ->
            let thetas = array2D [ [ 1.0; 2.0; 3.0 ]; [ 1.0; nan; 3.0 ] ]
            argument "thetas" [ "thetas[1, 1] is NaN"; "row 1" ] (fun () -> smoothed |> Batch.maximizer thetas)
            argument "thetas" [ "length 2"; "3" ] (fun () -> smoothed |> Batch.maximum (array2D [ [ 1.0; 2.0 ] ]))

            argument "cotangents" [ "1 rows"; "2" ] (fun () ->
                smoothed
                |> Batch.vectorJacobian (Array2D.zeroCreate 1 3) (Array2D.zeroCreate 2 3))

            argument "targets" [ "targets[0, 2] is NaN" ] (fun () ->
                smoothed
                |> FenchelYoung.valueAndGradientBatch (Array2D.zeroCreate 1 3) (array2D [ [ 1.0; 2.0; nan ] ])))

        testCase "Cotangents, tangents and targets are checked like theta" (fun () ->
            argument "cotangent" [ "length 2" ] (fun () -> smoothed |> Smoothed.vectorJacobian [| 1.0; 2.0 |] theta)

            argument "tangent" [ "tangent[0] is NaN" ] (fun () ->
                smoothed |> Smoothed.jacobianVector [| nan; 0.0; 0.0 |] theta)

            argument "target" [ "length 4" ] (fun () -> smoothed |> FenchelYoung.value theta [| 1.0; 2.0; 3.0; 4.0 |])
            let _, pullback = smoothed |> Smoothed.pullback theta
            argument "cotangent" [ "length 1" ] (fun () -> pullback [| 1.0 |]))

        testCase "Null is refused by name" (fun () ->
            argument "theta" [] (fun () -> smoothed |> Smoothed.maximizer Unchecked.defaultof<_>)
            argument "thetas" [] (fun () -> smoothed |> Batch.maximizer Unchecked.defaultof<_>)
            argument "oracle" [] (fun () -> perturb Unchecked.defaultof<_> Noise.gaussian 1.0 1)
            argument "noise" [] (fun () -> perturb (Oracle.argmax 2) Unchecked.defaultof<_> 1.0 1)
            argument "solver" [] (fun () -> Oracle.ofFunction 2 Unchecked.defaultof<_>))

        testCase "An empty batch is legal and answers empty arrays" (fun () ->
            let none = Array2D.zeroCreate<float> 0 3
            Assert.Equal(0, (smoothed |> Batch.maximizer none).Length)
            Assert.Empty(smoothed |> Batch.maximum none)
            Assert.Equal(0, (smoothed |> Batch.jacobian none).Length)
            let value, pullback = smoothed |> Batch.pullback none
            Assert.Equal(0, value.Length)
            Assert.Equal(0, (pullback none).Length)
            let losses, gradients = smoothed |> FenchelYoung.valueAndGradientBatch none none
            Assert.Empty losses
            Assert.Equal(0, gradients.Length))

        testCase "One sample is legal: its standard errors are NaN, its derivatives finite" (fun () ->
            let one = smoothed |> Smoothed.withSamples 1
            let estimate = one |> Smoothed.estimate theta
            Assert.True(Double.IsNaN estimate.MaximumStandardError)
            Assert.All(estimate.MaximizerStandardErrors, fun e -> Assert.True(Double.IsNaN e))
            Assert.All(one |> Smoothed.jacobian theta |> Seq.cast<float>, fun e -> Assert.True(Double.IsFinite e)))

        testCase "An oracle that throws is an error that names oracle and row and keeps the cause" (fun () ->
            let op =
                failing (fun t ->
                    if t[0] > 5.0 then
                        raise (TimeoutException "solver gave up")
                    else
                        t)

            let thetas =
                array2D [ [ 0.0; 0.0; 0.0 ]; [ 0.0; 0.0; 0.0 ]; [ 100.0; 0.0; 0.0 ]; [ 100.0; 0.0; 0.0 ] ]

            for threads in [ 1; 2; 4 ] do
                let error =
                    fails<OracleException, float[,]>
                        [ "'mine'"; "row 2"; "TimeoutException"; "solver gave up" ]
                        (fun () -> op |> Smoothed.withThreads threads |> Batch.maximizer thetas)

                Assert.Equal(2L, error.Row)
                Assert.IsType<TimeoutException> error.InnerException |> ignore)

        testCase
            "An oracle that answers with a wrong length, null, NaN or an infinity is an error that names oracle and row"
            (fun () ->
                fails<OracleException, float[]> [ "'mine'"; "row 0"; "length 2"; "3" ] (fun () ->
                    failing (fun t -> t[..1]) |> Smoothed.maximizer theta)
                |> ignore

                fails<OracleException, float[]> [ "'mine'"; "entry 1"; "NaN" ] (fun () ->
                    failing (fun t -> [| t[0]; nan; t[2] |]) |> Smoothed.maximizer theta)
                |> ignore

                fails<OracleException, float[]> [ "'mine'"; "entry 2"; "Infinity" ] (fun () ->
                    failing (fun t -> [| t[0]; t[1]; infinity |]) |> Smoothed.maximizer theta)
                |> ignore

                fails<OracleException, float[]> [ "'mine'"; "entry 0"; "1E+300"; "1E+280 at most" ] (fun () ->
                    failing (fun _ -> [| 1e300; 0.0; 0.0 |]) |> Smoothed.maximizer theta)
                |> ignore

                fails<OracleException, float> [ "'mine'"; "⟨y, θ⟩ is Infinity" ] (fun () ->
                    failing (fun _ -> [| 1e200; 0.0; 0.0 |])
                    |> Smoothed.maximum [| 1e200; 0.0; 0.0 |])
                |> ignore

                fails<OracleException, float[]> [ "'mine'"; "null" ] (fun () ->
                    failing (fun _ -> Unchecked.defaultof<float[]>) |> Smoothed.maximizer theta)
                |> ignore

                let batch =
                    perturb
                        (Oracle.ofBatchFunction 3 (fun t -> Array2D.zeroCreate (Array2D.length1 t) 2))
                        Noise.gaussian
                        0.5
                        4

                fails<OracleException, float[]> [ "× 2"; "dimension 3" ] (fun () -> batch |> Smoothed.maximizer theta)
                |> ignore

                let unwritten =
                    perturb (Oracle.ofSpanFunction 3 (SpanFunction(fun _ y -> y[0] <- 1.0))) Noise.gaussian 0.5 4

                fails<OracleException, float[]> [ "entry 1"; "NaN" ] (fun () -> unwritten |> Smoothed.maximizer theta)
                |> ignore)

        sequencedCase
            "A user's function is called from several threads at once, and from one at a time when synchronized"
            (fun () ->
                // The other tests keep the pool's threads busy: without spare ones nothing could overlap.
                ThreadPool.SetMinThreads(16, 16) |> ignore

                let overlap (wrap: Oracle -> Oracle) =
                    let running = ref 0
                    let most = ref 0
                    let threads = ConcurrentDictionary<int, unit>()

                    let solver (t: float[]) =
                        let now = Interlocked.Increment running
                        lock most (fun () -> most.Value <- max most.Value now)
                        threads[Environment.CurrentManagedThreadId] <- ()
                        Thread.Sleep 2
                        Interlocked.Decrement running |> ignore
                        t

                    let op = perturb (Oracle.ofFunction 3 solver |> wrap) Noise.gaussian 0.5 64

                    let value = op |> Smoothed.withThreads 4 |> Smoothed.maximizer theta
                    value, most.Value

                let free, most = overlap id
                let alone, one = overlap Oracle.synchronized
                Assert.True(most > 1, $"at most {most} calls at once")
                Assert.Equal(1, one)
                Assert.Equal<float[]>(free, alone))

        testCase "A function that changes the array it is given changes nothing else" (fun () ->
            let vandal (t: float[]) =
                let y = Array.map sign t |> Array.map float
                Array.fill t 0 t.Length nan
                y

            let tidy (t: float[]) = Array.map (sign >> float) t

            let run f =
                perturb (Oracle.ofFunction 3 f) Noise.gaussian 0.5 64 |> Smoothed.estimate theta

            Assert.Equal(run tidy, run vandal))

        testCase "Noise without a mean has no perturbed maximum, and a maximizer all the same" (fun () ->
            for noise in [ Noise.cauchy; Noise.studentT 1.0 ] do
                let op = perturb (Oracle.argmax 3) noise 1.0 100
                argument "smoothed" [ "no mean" ] (fun () -> op |> Smoothed.maximum theta)
                argument "smoothed" [ "no mean" ] (fun () -> op |> FenchelYoung.value theta [| 1.0; 0.0; 0.0 |])
                let estimate = op |> Smoothed.estimate theta
                Assert.True(Double.IsNaN estimate.Maximum)
                Assert.Equal(1.0, Array.sum estimate.Maximizer, 12)
                Assert.Equal(0.0, Array.sum (op |> FenchelYoung.gradient theta [| 1.0; 0.0; 0.0 |]), 12))

        testCase "A formula with second derivatives is refused for a noise without them" (fun () ->
            let op = perturb (Oracle.argmax 3) Noise.laplace 1.0 100
            argument "formula" [ "laplace" ] (fun () -> op |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta)

            argument "formula" [ "laplace" ] (fun () ->
                op |> Smoothed.hessianVectorBy DerivativeFormula.OfMaximum theta theta))

        testCase "Where there is no second derivative the error says why, and which formula is left" (fun () ->
            let argmax (noise: INoise) = perturb (Oracle.argmax 3) noise 1.0 100

            let hessian (formula: DerivativeFormula) (op: Smoothed) =
                fun () -> op |> Smoothed.hessianVectorBy formula theta theta

            // A kink in ν, or a curvature without a mean, or none given: no formula from values.
            for noise in
                [
                    Noise.laplace
                    Noise.sumOfGamma 8.0 10 1.0
                    Noise.ofQuantile
                        "own"
                        (fun u -> log (u / (1.0 - u)))
                        (fun z -> tanh (0.5 * z))
                        None
                        0.0
                        (1.0 / 3.0)
                        true
                ] do
                argument "formula" [ noise.Name; "OfMaximizer" ] (hessian DerivativeFormula.OfMaximum (argmax noise))

                argument "formula" [ noise.Name; "OfMaximizer" ] (fun () ->
                    argmax noise |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta)

                argument "formula" [ noise.Name ] (fun () ->
                    argmax noise
                    |> Batch.hessianVectorBy DerivativeFormula.OfMaximum (array2D [ theta ]) (array2D [ theta ]))

            for noise in [ Noise.laplace; Noise.cauchy ] do
                Assert.All(
                    (argmax noise |> Smoothed.hessianVector theta theta),
                    (fun x -> Assert.True(Double.IsFinite x))
                )

            // F_ε is infinite: its values tell nothing.
            for noise in [ Noise.cauchy; Noise.studentT 1.0 ] do
                argument "formula" [ "no mean"; "OfMaximizer" ] (hessian DerivativeFormula.OfMaximum (argmax noise))

                argument "formula" [ "no mean" ] (fun () ->
                    argmax noise |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta)

            // A density that jumps: no formula at all.
            for formula in [ DerivativeFormula.OfMaximizer; DerivativeFormula.OfMaximum ] do
                let op = argmax (Noise.sumOfGamma 10.0 10 1.0)

                Assert.ThrowsAny<ArgumentException>(fun () -> hessian formula op () |> ignore)
                |> ignore

                argument
                    "smoothed"
                    [ "multiplicative" ]
                    (argmax Noise.gaussian
                     |> Smoothed.withPerturbation Perturbation.Multiplicative
                     |> hessian formula)

            // Solutions of another dimension: the Jacobian of y is not the Hessian of F, which values still give.
            let clusters =
                perturb (Oracle.clusters LinkConstraints.None 2 (Graph.Complete 3)) Noise.gaussian 1.0 100

            Assert.NotEqual(clusters.Oracle.Dimension, clusters.Oracle.SolutionDimension)
            argument "formula" [ "maps dimension 3"; "OfMaximum" ] (hessian DerivativeFormula.OfMaximizer clusters)
            Assert.Equal(3, (hessian DerivativeFormula.OfMaximum clusters ()).Value.Length))

        testCase
            "A sampling design that the noise or the dimension does not allow is an error that says what does"
            (fun () ->
                let withNoise (noise: INoise) (design: SamplingDesign) =
                    fun () -> perturb (Oracle.argmax 3) noise 1.0 10 |> Smoothed.withSampling design

                let gammas = Noise.sumOfGamma 1.0 10 1.0

                argument
                    "sampling"
                    [ "sum-of-gamma"; "neither"; "Gumbel" ]
                    (withNoise gammas SamplingDesign.Antithetic)

                argument
                    "sampling"
                    [ "sum-of-gamma"; "quantile"; "logistic" ]
                    (withNoise gammas (SamplingDesign.LatinHypercube 2))

                argument
                    "sampling"
                    [ "sum-of-gamma"; "quantile"; "logistic" ]
                    (withNoise gammas (SamplingDesign.Sobol 2))

                for design in [ SamplingDesign.Orthogonal; SamplingDesign.AntitheticOrthogonal ] do
                    argument "sampling" [ "Gaussian"; "gumbel" ] (withNoise Noise.gumbel design)

                for count in [ 0; -3 ] do
                    argument
                        "sampling"
                        [ $"{count} randomisations" ]
                        (withNoise Noise.gaussian (SamplingDesign.Sobol count))

                    argument
                        "sampling"
                        [ $"{count} randomisations" ]
                        (withNoise Noise.gaussian (SamplingDesign.LatinHypercube count))

                argument "sampling" [ "1111"; "1112"; "hypercube" ] (fun () ->
                    perturb (Oracle.argmax 1112) Noise.gaussian 1.0 10
                    |> Smoothed.withSampling (SamplingDesign.Sobol 2))

                argument "smoothed" [ "independent" ] (fun () ->
                    perturb (Oracle.argmax 3) Noise.gaussian 1.0 1000
                    |> Smoothed.withSampling SamplingDesign.Antithetic
                    |> Regularizer.solveAt 0.01 [| 0.3; 0.3; 0.4 |]))

        testCase
            "A noise whose density jumps has no score-function derivative, and a Fenchel-Young gradient all the same"
            (fun () ->
                let op = perturb (Oracle.topK 2 3) (Noise.sumOfGamma 10.0 10 1.0) 1.0 100
                argument "smoothed" [ "sum-of-gamma"; "not continuous" ] (fun () -> op |> Smoothed.jacobian theta)
                argument "smoothed" [ "sum-of-gamma" ] (fun () -> (snd (op |> Smoothed.pullback theta)) theta)
                Assert.Equal(0.0, Array.sum (op |> FenchelYoung.gradient theta [| 0.0; 1.0; 1.0 |]), 12))

        testCase
            "A zero under multiplicative noise has a Fenchel-Young gradient, and no derivative of the maximizer"
            (fun () ->
                let op =
                    perturb (Oracle.ranking 3) Noise.gaussian 0.5 100
                    |> Smoothed.withPerturbation Perturbation.Multiplicative

                let theta = [| 1.0; 0.0; -2.0 |]
                argument "theta" [ "row 0"; "coordinate 1" ] (fun () -> op |> Smoothed.jacobian theta)
                let value, pullback = op |> Smoothed.pullback theta
                Assert.Equal(6.0, Array.sum value, 12)
                argument "theta" [ "coordinate 1" ] (fun () -> pullback theta)
                let loss, gradient = op |> FenchelYoung.valueAndGradient theta [| 3.0; 2.0; 1.0 |]
                Assert.True(Double.IsFinite loss.Value)
                Assert.All(gradient, fun g -> Assert.True(Double.IsFinite g)))

        testCase "A multiplicative factor that overflows is an error that names the row" (fun () ->
            let op =
                perturb (Oracle.argmax 2) (Noise.studentT 0.5) 100.0 10000
                |> Smoothed.withPerturbation Perturbation.Multiplicative

            argument "theta" [ "row 0"; "sample "; "overflows"; "coordinate " ] (fun () ->
                op |> Smoothed.maximizer [| 1.0; 2.0 |]))

        testCase "Noise of another dimension than the oracle's is refused" (fun () ->
            let noise =
                Noise.gaussianWith (Array2D.init 2 2 (fun i j -> if i = j then 1.0 else 0.5))

            argument "noise" [ "dimension 2"; "dimension 3" ] (fun () -> perturb (Oracle.argmax 3) noise 1.0 10))

        testCase "Oracles for each instance answer for their own row, and too few of them is an error" (fun () ->
            let oracles =
                [| Oracle.rankingOf [| 1.0; 2.0; 3.0 |]; Oracle.rankingOf [| 0.0; 0.0; 1.0 |] |]

            let op = perturb (Oracle.perInstance oracles) Noise.gaussian 0.5 200
            let thetas = array2D [ theta; theta ]
            let together = op |> Batch.maximizer thetas

            for row in 0..1 do
                let alone =
                    perturb oracles[row] Noise.gaussian 0.5 200
                    |> Smoothed.withFirstRow (int64 row)
                    |> Smoothed.maximizer theta

                Assert.Equal<float[]>(alone, together[row, *])

            argument "thetas" [ "row 2"; "2 oracles" ] (fun () ->
                op |> Batch.maximizer (array2D [ theta; theta; theta ]))

            argument "oracles" [ "empty" ] (fun () -> Oracle.perInstance [||])

            argument "oracles" [ "oracles[1]"; "4" ] (fun () ->
                Oracle.perInstance [| Oracle.argmax 3; Oracle.argmax 4 |]))

        testCase
            "With an oracle for each row a loss is whole where the target is a vertex of its own row's polytope"
            (fun () ->
                let oracles =
                    [|
                        Oracle.ranking 3
                        Oracle.argmax 3
                        // Its second point lies between the other two: a solution, and no vertex.
                        Oracle.finiteSet (array2D [ [ 0.0; 0.0; 0.0 ]; [ 1.0; 0.0; 0.0 ]; [ 2.0; 0.0; 0.0 ] ])
                    |]

                let targets = array2D [ [ 1.0; 2.0; 3.0 ]; [ 0.0; 1.0; 0.0 ]; [ 1.0; 0.0; 0.0 ] ]
                let op = perturb (Oracle.perInstance oracles) Noise.gaussian 0.5 50

                let losses, _ =
                    op
                    |> FenchelYoung.valueAndGradientBatch (array2D [ theta; theta; theta ]) targets

                Assert.Equal<bool[]>([| true; true; false |], losses |> Array.map _.IsTrueLoss))

        testCase "A cancelled call stops with OperationCanceledException" (fun () ->
            use source = new CancellationTokenSource()
            let calls = ref 0

            let solver (t: float[]) =
                if Interlocked.Increment calls = 10 then
                    source.Cancel()

                t

            let op =
                perturb (Oracle.ofFunction 3 solver) Noise.gaussian 0.5 1_000_000
                |> Smoothed.withCancellation source.Token

            Assert.ThrowsAny<OperationCanceledException>(fun () -> op |> Smoothed.maximizer theta |> ignore)
            |> ignore

            // Every thread finishes at most the block it is in, and a block has far fewer samples than the sixteenth part a thread takes at a time.
            Assert.True(calls.Value < 1_000_000 / 16, $"{calls.Value} calls"))

        testCase "The largest number of samples is not taken for none" (fun () ->
            let refuse: float[] -> float[] = fun _ -> raise (InvalidOperationException "solved")

            let op =
                perturb (Oracle.ofFunction 3 refuse) Noise.gaussian 0.5 Int32.MaxValue
                |> Smoothed.withThreads 1

            fails<OracleException, _> [ "solved" ] (fun () -> op |> Smoothed.maximizer theta)
            |> ignore)

        testCase "Points outside or on the boundary of the polytope have no dual solution, and say so" (fun () ->
            let op = perturb (Oracle.argmax 3) Noise.gumbel 1.0 10000

            let reason y =
                match op |> Regularizer.trySolve 1e-3 y with
                | Ok solution ->
                    Assert.Fail $"{solution}"
                    ""
                | Error reason -> reason

            Assert.Contains("the entries sum to 1.25; they must sum to 1", reason [| 0.5; 0.5; 0.25 |])
            Assert.Contains("boundary", reason [| 0.5; 0.5; 0.0 |])
            Assert.Contains("boundary", reason [| 1.0; 0.0; 0.0 |])
            Assert.Contains("outside", reason [| 1.2; -0.1; -0.1 |])
            argument "tolerance" [ "tolerance is 0" ] (fun () -> op |> Regularizer.solveAt 0.0 [| 0.2; 0.3; 0.5 |])
            argument "y" [ "y[0] is NaN" ] (fun () -> op |> Regularizer.solveAt 1e-3 [| nan; 0.3; 0.5 |]))

        testCase "Confidence levels lie inside (0, 1)" (fun () ->
            let op = perturb (Oracle.argmax 3) Noise.gumbel 1.0 10000

            let fit =
                op
                |> Estimation.fit 1e-3 (op |> Smoothed.withSamples 500 |> Smoothed.samples [| 0.0; 0.3; 0.6 |])

            for level in [ 0.0; 1.0; nan; -1.0 ] do
                argument "level" [ $"level is {level}" ] (fun () -> fit |> Estimation.confidenceIntervals level))

        testCase
            "Too few samples are a reason that there is no dual, and an error where an answer is demanded"
            (fun () ->
                let few samples =
                    perturb (Oracle.argmax 4) Noise.gaussian 1.0 samples

                let y = Array.create 4 0.25

                match few 7 |> Regularizer.trySolve 0.1 y with
                | Error reason ->
                    Assert.StartsWith("The operator has 7 samples; the dual in dimension 4 needs at least 8", reason)
                | Ok _ -> Assert.Fail "seven samples were enough"

                let message (action: unit -> unit) =
                    Assert.Throws<ArgumentException>(action).Message

                Assert.StartsWith(
                    "The operator has 7 samples",
                    message (fun () -> few 7 |> Regularizer.solveAt 0.1 y |> ignore)
                )

                Assert.StartsWith(
                    "The operator has 7 samples",
                    message (fun () -> few 7 |> Estimation.fit 0.1 (array2D [ y; y ]) |> ignore)
                )

                // Eight may be too few to be near enough, and then that is the reason.
                match few 8 |> Regularizer.trySolve 0.1 y with
                | Error reason -> Assert.DoesNotContain("The operator has", reason)
                | Ok solution -> Assert.InRange(solution.Residual, 0.0, 0.1))

        testCase "A policy is taken where it acts: paths right and down have their own oracles" (fun () ->
            for make in
                [
                    fun () -> Oracle.gridPath GridMoves.RightDown NegativeCosts.ClampToZero 2 2
                    fun () -> Oracle.gridEdgePath GridMoves.RightDown NegativeEdges.Allow 2 2
                ] do
                let error = Assert.Throws<ArgumentException>(fun () -> make () |> ignore)
                Assert.Equal("moves", error.ParamName)
                Assert.Contains("Four or Eight was expected, or the oracle rightDown", error.Message)

            Assert.Equal<float[]>(
                [| 1.0; 0.0; 1.0; 1.0 |],
                Oracle.rightDownPath 2 2 |> Oracle.solve [| 5.0; 1.0; 2.0; -9.0 |]
            ))
    ]
