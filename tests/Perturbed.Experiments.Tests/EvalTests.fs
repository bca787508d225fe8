module Perturbed.Experiments.Tests.EvalTests

open System.Text.Json
open Expecto
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]

let private evaluate (arguments: string list) : JsonElement =
    let finished = run ("eval" :: "--json" :: arguments)
    Assert.Equal("", finished.Error)
    Assert.Equal(0, finished.ExitCode)
    Assert.Equal('\n', finished.Output[finished.Output.Length - 1])
    Assert.Equal(1, finished.Output.TrimEnd('\n').Split('\n').Length)
    parse finished.Output

let private field (name: string) (json: JsonElement) : JsonElement = json.GetProperty name

let private assertAnswer (operator: Smoothed) (theta: float[]) (formula: DerivativeFormula) (json: JsonElement) : unit =
    let estimate = operator |> Smoothed.estimate theta
    let jacobian = operator |> Smoothed.jacobianBy formula theta
    Assert.Equal<float[]>(theta, json |> field "theta" |> numbers)
    Assert.Equal<float[]>(Oracle.solve theta operator.Oracle, json |> field "solution" |> numbers)
    Assert.Equal(estimate.Maximum, (json |> field "maximum").GetDouble())
    Assert.Equal(estimate.MaximumStandardError, (json |> field "maximumStandardError").GetDouble())
    Assert.Equal<float[]>(estimate.Maximizer, json |> field "maximizer" |> numbers)
    Assert.Equal<float[]>(estimate.MaximizerStandardErrors, json |> field "maximizerStandardErrors" |> numbers)
    Assert.Equal<float[][]>(rowsOf jacobian.Value, json |> field "jacobian" |> matrix)
    Assert.Equal<float[][]>(rowsOf jacobian.StandardErrors, json |> field "jacobianStandardErrors" |> matrix)

[<Tests>]
let tests =
    testList "Eval" [
        testCase "The answer has the bits of the library, field by field" (fun () ->
            let json =
                evaluate [
                    yield! [ "--oracle"; "ranking"; "--noise"; "gaussian"; "--epsilon"; "0.5" ]
                    yield! [ "--samples"; "100000"; "--key"; "1"; "--theta"; "2,-1,0.3,4.1,0.9" ]
                ]

            let operator =
                perturb (Oracle.ranking 5) Noise.gaussian 0.5 100000
                |> Smoothed.withKey (Key.create 1UL)

            assertAnswer operator theta DerivativeFormula.OfMaximizer json
            Assert.Equal("ranking", (json |> field "oracle").GetString())
            Assert.Equal("gaussian", (json |> field "noise").GetString())
            Assert.Equal(0.5, (json |> field "epsilon").GetDouble())
            Assert.Equal(100000, (json |> field "samples").GetInt32())
            Assert.Equal(1UL, (json |> field "key").GetUInt64()))

        testCase "Every option reaches the operator" (fun () ->
            let json =
                evaluate [
                    yield!
                        [
                            "--oracle=top-k:2"
                            "--noise=centred-gumbel"
                            "--epsilon=0.5,1,2"
                            "--samples=2e3"
                            "--key=9"
                        ]
                    yield! [ "--theta=-1,2,0.5"; "--variance-reduction=baseline"; "--formula=maximum"; "--threads=1" ]
                ]

            let operator =
                perturb (Oracle.topK 2 3) Noise.centredGumbel 1.0 2000
                |> Smoothed.withEpsilons [| 0.5; 1.0; 2.0 |]
                |> Smoothed.withKey (Key.create 9UL)
                |> Smoothed.withVarianceReduction VarianceReduction.Baseline

            assertAnswer operator [| -1.0; 2.0; 0.5 |] DerivativeFormula.OfMaximum json
            Assert.Equal("baseline", (json |> field "varianceReduction").GetString())
            Assert.Equal("maximum", (json |> field "formula").GetString())
            Assert.Equal<float[]>([| 0.5; 1.0; 2.0 |], json |> field "epsilon" |> numbers))

        testCase
            "A standard error is reached by as many samples as it takes, row by row, or the budget ends it"
            (fun () ->
                let arguments =
                    [ "--oracle=ranking"; "--samples=500"; "--no-jacobian"; "--theta=1,2,3"; "--theta=1,5,9" ]

                let json = evaluate (arguments @ [ "--standard-error=0.02"; "--budget=1e6" ])
                let rows = [ for row in (json |> field "rows").EnumerateArray() -> row ]
                let operator = perturb (Oracle.ranking 3) Noise.gaussian 1.0 500

                for index, row in List.indexed rows do
                    let samples = (row |> field "samplesTaken").GetInt32()
                    Assert.True((row |> field "isReached").GetBoolean())
                    Assert.InRange((row |> field "maximumStandardError").GetDouble(), 1e-3, 0.02)

                    // The answer is that of the operator with so many samples.
                    let estimate =
                        operator
                        |> Smoothed.withSamples samples
                        |> Smoothed.withFirstRow (int64 index)
                        |> Smoothed.estimate (row |> field "theta" |> numbers)

                    Assert.Equal(estimate.Maximum, (row |> field "maximum").GetDouble())
                    Assert.Equal<float[]>(estimate.Maximizer, row |> field "maximizer" |> numbers)

                let few = evaluate (arguments @ [ "--standard-error=0.001"; "--budget=700" ])

                for row in (few |> field "rows").EnumerateArray() do
                    Assert.Equal(700, (row |> field "samplesTaken").GetInt32())
                    Assert.False((row |> field "isReached").GetBoolean())

                // Without a mean there is no F_ε to wait for.
                let cauchy =
                    evaluate [
                        "--oracle=argmax"
                        "--noise=cauchy"
                        "--theta=1,2"
                        "--samples=50"
                        "--standard-error=0.01"
                    ]

                Assert.True((cauchy |> field "isReached").GetBoolean()))

        testCase "A multiplicative perturbation is the library's" (fun () ->
            let json =
                evaluate [
                    yield! [ "--oracle"; "grid-rd:2x2"; "--theta"; "-1,-2,-3,-4"; "--samples"; "500" ]
                    yield! [ "--perturbation"; "multiplicative"; "--variance-reduction"; "none" ]
                ]

            let operator =
                perturb (Oracle.rightDownPath 2 2) Noise.gaussian 1.0 500
                |> Smoothed.withPerturbation Perturbation.Multiplicative
                |> Smoothed.withVarianceReduction VarianceReduction.None

            assertAnswer operator [| -1.0; -2.0; -3.0; -4.0 |] DerivativeFormula.OfMaximizer json)

        testCase "Every sampling design is the library's, and is named as it was written" (fun () ->
            for text, design in
                [
                    "independent", SamplingDesign.Independent
                    "antithetic", SamplingDesign.Antithetic
                    "orthogonal", SamplingDesign.Orthogonal
                    "antithetic-orthogonal", SamplingDesign.AntitheticOrthogonal
                    "latin-hypercube:3", SamplingDesign.LatinHypercube 3
                    "sobol:4", SamplingDesign.Sobol 4
                ] do
                let json =
                    evaluate [ "--oracle=argmax"; "--theta=1,2,3"; "--samples=100"; $"--sampling={text}" ]

                let operator =
                    perturb (Oracle.argmax 3) Noise.gaussian 1.0 100 |> Smoothed.withSampling design

                assertAnswer operator [| 1.0; 2.0; 3.0 |] DerivativeFormula.OfMaximizer json
                Assert.Equal(text, (json |> field "sampling").GetString()))

        testCase
            "A sampling design that cannot be read, or that the noise does not allow, is an error that says what can"
            (fun () ->
                for text, noise, expected in
                    [
                        "quasi", "gaussian", "latin-hypercube:R"
                        "sobol", "gaussian", "sobol:8"
                        "sobol:0", "gaussian", "sobol"
                        "antithetic:2", "gaussian", "no number"
                        "orthogonal", "gumbel", "Gaussian"
                        "sobol:2", "sum-of-gamma:5/10/1", "quantile"
                    ] do
                    let finished =
                        run [ "eval"; "--oracle=argmax"; "--theta=1,2,3"; $"--noise={noise}"; $"--sampling={text}" ]

                    Assert.NotEqual(0, finished.ExitCode)
                    Assert.Contains(expected, finished.Error))

        testCase "Rows of a file are rows of one stream" (fun () ->
            use file = new TemporaryFile(".csv", "# two rows\n1,2,3\n\n3 1 2\n")

            let json =
                evaluate [ "--oracle"; "argmax"; "--samples"; "300"; "--theta-file"; file.Path ]

            let operator = perturb (Oracle.argmax 3) Noise.gaussian 1.0 300
            let rows = json |> field "rows"
            Assert.Equal(2, rows.GetArrayLength())
            assertAnswer operator [| 1.0; 2.0; 3.0 |] DerivativeFormula.OfMaximizer rows[0]

            assertAnswer
                (operator |> Smoothed.withFirstRow 1L)
                [| 3.0; 1.0; 2.0 |]
                DerivativeFormula.OfMaximizer
                rows[1]

            // Options give the same rows as the file.
            let again =
                evaluate [
                    yield! [ "--oracle"; "argmax"; "--samples"; "300" ]
                    yield! [ "--theta"; "1,2,3"; "--theta"; "3,1,2" ]
                ]

            Assert.Equal(json.GetRawText(), again.GetRawText()))

        testCase "A target brings the Fenchel-Young loss, its gradient, and whether it is the true one" (fun () ->
            let at (target: string) =
                evaluate [
                    yield! [ "--oracle"; "ranking"; "--theta"; "1,2,3"; "--samples"; "400" ]
                    yield! [ "--target"; target ]
                ]
                |> field "fenchelYoung"

            let operator = perturb (Oracle.ranking 3) Noise.gaussian 1.0 400

            for target, text, isTrue in [ [| 3.0; 1.0; 2.0 |], "3,1,2", true; [| 2.0; 2.0; 2.0 |], "2,2,2", false ] do
                let loss, gradient =
                    operator |> FenchelYoung.valueAndGradient [| 1.0; 2.0; 3.0 |] target

                let json = at text
                Assert.Equal<float[]>(target, json |> field "target" |> numbers)
                Assert.Equal(loss.Value, (json |> field "loss").GetDouble())
                Assert.Equal(loss.StandardError, (json |> field "lossStandardError").GetDouble())
                Assert.Equal<float[]>(gradient, json |> field "gradient" |> numbers)
                Assert.Equal(isTrue, (json |> field "isTrueLoss").GetBoolean()))

        testCase "The most frequent solutions come with their counts" (fun () ->
            let json =
                evaluate [
                    yield! [ "--oracle"; "argmax"; "--theta"; "1,2,3"; "--samples"; "1000" ]
                    yield! [ "--distribution"; "2" ]
                ]
                |> field "distribution"

            let expected =
                perturb (Oracle.argmax 3) Noise.gaussian 1.0 1000
                |> Smoothed.distribution [| 1.0; 2.0; 3.0 |]

            Assert.Equal(2, json.GetArrayLength())

            for i in 0..1 do
                Assert.Equal<float[]>(expected[i].Solution, json[i] |> field "solution" |> numbers)
                Assert.Equal(expected[i].Count, (json[i] |> field "count").GetInt64())
                Assert.Equal(expected[i].Probability, (json[i] |> field "probability").GetDouble())
                Assert.Equal(expected[i].StandardError, (json[i] |> field "standardError").GetDouble()))

        testCase
            "What does not exist is null: the maximum under noise without a mean, the errors of one sample"
            (fun () ->
                let cauchy =
                    evaluate [
                        yield! [ "--oracle"; "argmax"; "--noise"; "cauchy"; "--theta"; "1,2" ]
                        yield! [ "--target"; "1,0" ]
                    ]

                Assert.Equal(JsonValueKind.Null, (cauchy |> field "maximum").ValueKind)
                Assert.Equal(JsonValueKind.Null, (cauchy |> field "maximumStandardError").ValueKind)
                Assert.Equal(2, (cauchy |> field "maximizer").GetArrayLength())
                Assert.Equal(JsonValueKind.Null, (cauchy |> field "fenchelYoung" |> field "loss").ValueKind)
                Assert.Equal(2, (cauchy |> field "fenchelYoung" |> field "gradient").GetArrayLength())

                let one = evaluate [ "--oracle"; "argmax"; "--theta"; "1,2"; "--samples"; "1" ]

                Assert.Equal(JsonValueKind.Null, (one |> field "maximumStandardError").ValueKind)

                // The tables show - and say why.
                for arguments, reason in
                    [
                        [ "--noise=cauchy"; "--target=1,0" ],
                        "- : the noise cauchy has no mean, so there is no F_ε and no Fenchel-Young loss."
                        [ "--noise=student-t:1" ], "- : the noise student-t:1 has no mean, so there is no F_ε."
                        [ "--samples=1" ], "- : a standard error needs two samples or more."
                        [ "--sampling=sobol:1"; "--samples=16" ],
                        "- : a standard error needs two randomisations or more."
                    ] do
                    let finished = run ([ "eval"; "--oracle=argmax"; "--theta=1,2" ] @ arguments)
                    Assert.Equal(0, finished.ExitCode)
                    Assert.Contains(reason, finished.Output)

                Assert.DoesNotContain("- : ", (run [ "eval"; "--oracle=argmax"; "--theta=1,2" ]).Output))

        testCase
            "Positive theta under clamp is warned of, row by row, and where a policy is needed it is asked for"
            (fun () ->
                let eval arguments =
                    run ([ "eval"; "--no-jacobian"; "--samples=10"; "--json" ] @ arguments)

                let grid = [ "--oracle=grid:2x2"; "--theta=1,2,3,4"; "--theta=-1,2,3,4" ]
                let warned = eval ("--negative-costs=clamp" :: grid)
                Assert.Equal(0, warned.ExitCode)
                Assert.Contains("perturbed: --theta: every entry of theta is above 0", warned.Error)
                Assert.Equal(1, warned.Error.TrimEnd('\n').Split('\n').Length)
                parse warned.Output |> ignore

                eval grid
                |> assertRefused 2 [ "oracle grid needs --negative-costs reject or clamp" ]

                let exact = eval [ "--oracle=grid-rd:2x2"; "--theta=1,2,3,4" ]
                Assert.Equal(("", 0), (exact.Error, exact.ExitCode))

                eval [ "--oracle=argmax"; "--theta=1,2"; "--negative-costs=allow" ]
                |> assertRefused 2 [ "--negative-costs is given and has no effect on argmax" ])

        testCase "Theta is read from an .npy file as from a text" (fun () ->
            use directory = new TemporaryDirectory()
            let path = directory.File "theta.npy"
            Npy.save path (Npy.create [| 2; 3 |] (NpyData.Float64 [| 1.0; 2.0; 3.0; 3.0; 1.0; 2.0 |]))
            let ofFile = evaluate [ "--oracle=argmax"; "--samples=300"; "--theta-file"; path ]

            let ofText =
                evaluate [ "--oracle=argmax"; "--samples=300"; "--theta=1,2,3"; "--theta=3,1,2" ]

            Assert.Equal(ofText.GetRawText(), ofFile.GetRawText())

            run [ "eval"; "--oracle=top-k:1"; "--theta-file"; path; "--target=1,0" ]
            |> assertRefused 2 [ "--target has 2 entries" ])

        testCase "A large Jacobian is left out with a note unless it is asked for" (fun () ->
            let theta = System.String.Join(' ', Seq.replicate 300 "1")

            let arguments =
                [ "eval"; "--oracle"; "argmax"; "--theta-file"; "-"; "--samples"; "20"; "--json" ]

            let without = runWith theta arguments
            Assert.Contains("90000 entries", without.Error)
            Assert.Equal(JsonValueKind.Null, (parse without.Output |> field "jacobian").ValueKind)
            let silent = runWith theta (arguments @ [ "--no-jacobian" ])
            Assert.Equal("", silent.Error)
            Assert.Equal(without.Output, silent.Output)
            let forced = runWith theta (arguments @ [ "--jacobian" ])
            Assert.Equal(300, (parse forced.Output |> field "jacobian").GetArrayLength()))

        testCase "The tables show the numbers of the JSON object, without colours in a file" (fun () ->
            let finished =
                run [
                    yield! [ "eval"; "--oracle"; "argmax"; "--noise"; "gumbel"; "--theta"; "1,2"; "--samples"; "100" ]
                    yield! [ "--target"; "0,1"; "--distribution"; "1" ]
                ]

            let operator = perturb (Oracle.argmax 2) Noise.gumbel 1.0 100
            let estimate = operator |> Smoothed.estimate [| 1.0; 2.0 |]
            let jacobian = operator |> Smoothed.jacobian [| 1.0; 2.0 |]
            Assert.Equal(0, finished.ExitCode)
            Assert.DoesNotContain("\u001b", finished.Output)

            for value in
                [ estimate.Maximum; estimate.Maximizer[0]; estimate.MaximizerStandardErrors[1]; jacobian[0, 1] ] do
                Assert.Contains(value.ToString "G6", finished.Output)

            for words in [ "ε = 1, M = 100, key 0"; "Jacobian"; "the true loss"; "Most frequent solutions" ] do
                Assert.Contains(words, finished.Output))

        testCase "A theta file that cannot be read is refused with file and line" (fun () ->
            for text, words in
                [
                    "1,2\n3,x\n", ":2: entry 1 is 'x'"
                    "1,2\n\n3,NaN\n", ":3: entry 1 is 'NaN'"
                    "1,2\n3,4,5\n", ":2: theta has 3 entries; 2 were expected for oracle argmax"
                    "", ":1: the file has no row"
                ] do
                use file = new TemporaryFile(".csv", text)

                run [ "eval"; "--oracle"; "argmax"; "--theta-file"; file.Path ]
                |> assertRefused 2 [ file.Path + words ]

            runWith "1,2\n" [ "eval"; "--oracle"; "grid-rd:2x2"; "--theta-file"; "-" ]
            |> assertRefused 2 [ "standard input:1: theta has 2 entries; 4 were expected" ])

        testCase "Options that cannot be used are refused in one line" (fun () ->
            let eval (arguments: string list) =
                run ([ "eval"; "--oracle"; "argmax" ] @ arguments)

            for arguments, words in
                [
                    [], "theta is missing"
                    [ "--theta"; "1,2"; "--theta-file"; "x" ], "both --theta and --theta-file"
                    [ "--theta"; "" ], "no number"
                    [ "--theta"; "1,2"; "--theta"; "1" ], "theta has 1 entries; 2 were expected"
                    [ "--theta"; "1e300,0" ], "theta[0] is 1E+300"
                    [ "--theta"; "1,2"; "--epsilon"; "0" ], "epsilon is 0"
                    [ "--theta"; "1,2"; "--epsilon"; "1,2,3" ], "--epsilon has 3 numbers"
                    [ "--theta"; "1,2"; "--samples"; "0" ], "--samples is '0'"
                    [ "--theta"; "1,2"; "--samples"; "3000000000" ], "--samples is '3000000000'"
                    [ "--theta"; "1,2"; "--standard-error"; "0" ], "--standard-error is 0; one positive number"
                    [ "--theta"; "1,2"; "--standard-error"; "1,2" ], "--standard-error is 1,2; one positive number"
                    [ "--theta"; "1,2"; "--budget"; "100000" ], "--standard-error was expected with it"
                    [ "--theta"; "1,2"; "--standard-error"; "0.1"; "--budget"; "100" ], "--budget is '100'"
                    [ "--theta"; "1,2"; "--key"; "-1" ], "--key is '-1'"
                    [ "--theta"; "1,2"; "--target"; "1" ], "--target has 1 entries"
                    [ "--theta"; "1,2"; "--formula"; "first" ],
                    "--formula is 'first', which is unknown. One of maximizer, maximum was expected."
                    [ "--theta"; "1,2"; "--noise"; "laplace"; "--formula"; "maximum" ], "no second derivative"
                    [ "--theta"; "1,0"; "--perturbation"; "multiplicative" ],
                    "--theta: entry 1 of theta is 0, where a multiplicative perturbation has no Jacobian; --no-jacobian leaves it out."
                    [ "--theta"; "1,2"; "--jacobian"; "--no-jacobian" ], "both --jacobian and --no-jacobian"
                    [ "--theta"; "1,2"; "--bogus" ], "unrecognized argument: '--bogus'"
                    [ "--theta"; "1,2"; "--jsn" ], "Did you mean --json?"
                    [ "--theta"; "1,2"; "--seed"; "3" ], "Did you mean --key?"
                    [ "--theta"; "\u001b[31m1" ], "'\\x1b[31m1'"
                    [ "--theta"; "1,2"; "--oracle"; "argmax" ], "--oracle"
                ] do
                eval arguments |> assertRefused 2 [ words ]

            run [ "eval"; "--oracle"; "ranking"; "--theta"; "1,2,3"; "--target"; "2,0,1" ]
            |> assertRefused 2 [
                "target is outside the hull of the solutions of oracle 'ranking': entry 1 is 0; ranks run from 1 to 3."
            ]

            run [ "eval"; "--theta"; "1,2" ]
            |> assertRefused 2 [ "missing parameter '--oracle'" ]

            run [ "eval"; "--oracle"; "grid:2x2"; "--theta"; "-1,-2,-3,-4"; "--negative-costs"; "reject" ]
            |> assertRefused 2 [ "negative cost" ])

        testCase
            "A report is one well-formed page with the command that repeats it, and the answer stays the same"
            (fun () ->
                use directory = new TemporaryDirectory()
                let path = System.IO.Path.Combine(directory.Path, "a report.html")
                let arguments = [ "--oracle=ranking"; "--samples=200"; "--theta=2,-1,0.3" ]
                let report = run ("eval" :: "--json" :: arguments @ [ "--report"; path ])
                Assert.Equal(0, report.ExitCode)
                Assert.Contains("the report is in", report.Error)
                Assert.Equal((run ("eval" :: "--json" :: arguments)).Output, report.Output)
                let page = System.IO.File.ReadAllText path
                let elements = System.Xml.Linq.XDocument.Parse(page).Descendants() |> Seq.toList

                let named name =
                    elements |> List.filter (fun e -> e.Name.LocalName = name)

                let command = (named "pre").Head.Value
                Assert.StartsWith("perturbed eval --json --oracle=ranking --samples=200 --theta=2,-1,0.3 ", command)
                Assert.Contains($"'--report={path}'", command)
                Assert.Equal(7, (named "svg").Length)
                Assert.DoesNotContain("<script", page)

                run ("eval" :: arguments @ [ "--report"; "page.txt" ])
                |> assertRefused 2 [ "--report is 'page.txt'; a name that ends with .html was expected." ]

                run ("eval" :: arguments @ [ "--report"; "no such folder/page.html" ])
                |> assertRefused 2 [ "--report is 'no such folder/page.html'; its folder does not exist." ])

        testCase "Without a Jacobian a zero under multiplicative noise is evaluated" (fun () ->
            let json =
                evaluate [
                    yield! [ "--oracle"; "argmax"; "--theta"; "1,0"; "--perturbation"; "multiplicative" ]
                    "--no-jacobian"
                ]

            Assert.Equal(JsonValueKind.Null, (json |> field "jacobian").ValueKind))
    ]
