/// The examples of docs/guide.md, compiled here and in the sample, line for line.
module Perturbed.Functional.Torch.Tests.GuideTests

open System
open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

// What the guide takes for granted.
module private Example =
    let scores: Tensor = leaf (thetas 3 5 1UL)
    let targets: Tensor = tensor (Oracle.solveBatch (thetas 3 5 2UL) (Oracle.ranking 5))

    // guide: begin
    open TorchSharp
    open Perturbed.Functional

    // Any oracle of the core, with all its options: θ goes to the CPU once a call, gradients come back on θ's device in θ's type.
    let ranking = perturb (Oracle.ranking 5) Noise.gaussian 1.0 4 |> Torch.ofSmoothed
    let ranks = ranking |> Torch.maximizer scores // [batch × 5], differentiable
    let losses = ranking |> Torch.fenchelYoung scores targets // [batch], with gradient ȳ − y

    // A solver in tensor operations works where θ lives, its noise included.
    let topTwo = Torch.perturb (TensorSolver.TopK 2) Noise.gumbel 0.5 100

    let own =
        Torch.perturb (TensorSolver.OfOracle("sign", fun theta -> theta.sign ())) Noise.gaussian 1.0 100

    let paths =
        Torch.perturb (TensorSolver.GridPath(GridMoves.Eight, 12, 12)) Noise.gaussian 1.0 1
    // guide: end

    let softSigns = own |> Torch.maximizer scores
    let softTopTwo = topTwo |> Torch.maximizer scores

// Words of each line, so that neither indentation nor alignment counts; those of a whole block, so that line breaks do not either.
let private words (lines: string seq) : string list =
    lines
    |> Seq.map (fun line -> line.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> String.concat " ")
    |> Seq.filter (fun line -> line <> "")
    |> List.ofSeq

let private between (first: string) (last: string) (lines: string list) : string =
    match lines |> List.tryFindIndex ((=) first) with
    | None -> ""
    | Some start ->
        lines
        |> List.skip (start + 1)
        |> List.takeWhile ((<>) last)
        |> String.concat " "

let private root = Path.Combine(__SOURCE_DIRECTORY__, "..", "..")

let private read (path: string) : string list =
    File.ReadAllLines(Path.Combine(root, path)) |> words

[<Tests>]
let tests =
    testList "Guide" [
        testCase "The guide's F# is the code that is compiled here" (fun () ->
            let page = read "docs/guide.md" |> between "```fs" "```"
            let here = read "tests/Perturbed.Functional.Torch.Tests/GuideTests.fs"
            Assert.True(page.Length > 300)
            Assert.Equal(page, here |> between "// guide: begin" "// guide: end"))

        testCase "The guide's C# is the loop of the sample" (fun () ->
            let page =
                read "docs/guide.md"
                |> List.skipWhile ((<>) "## Inside deep networks: TorchSharp")
                |> between "```cs" "```"

            let sample = read "tests/Perturbed.Functional.Torch.Sample/Program.cs"
            Assert.True(page.Length > 300)
            Assert.Equal(page, sample |> between "// guide: begin" "// guide: end"))

        testCase "The guide's F# answers what its comments say" (fun () ->
            Assert.Equal<int64[]>([| 3L; 5L |], Example.ranks.shape)
            Assert.True Example.ranks.requires_grad
            Assert.Equal<int64[]>([| 3L |], Example.losses.shape)

            let slope =
                pull Example.losses (TorchSharp.torch.ones_like Example.losses) Example.scores

            Assert.Equal<float[]>(Example.ranks - Example.targets |> values, values slope)
            Assert.All(values Example.softSigns, fun y -> Assert.InRange(y, -1.0, 1.0))
            // Two indices a sample, a hundred samples a row.
            assertWithin 1e-12 [| 2.0; 2.0; 2.0 |] (Example.softTopTwo.sum -1L |> values))
    ]
