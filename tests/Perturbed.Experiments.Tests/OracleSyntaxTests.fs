module Perturbed.Experiments.Tests.OracleSyntaxTests

open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private parse = OracleSyntax.parse NegativeCosts.ClampToZero

let private theta = [| -3.0; -1.0; -2.0; -0.5; -4.0; -2.5 |]

[<Fact>]
let ``Every form names the oracle of the library with its parameters`` () =
    use solutions = new TemporaryFile(".csv", "1,0,0,0,0,0\n0,1,1,0,0,0\n0 0 0 0 0 1\n")
    let set = NumberRows.loadMatrix solutions.Path
    let reference = [| 9.0; 1.0; 4.0; 2.5; -1.0; 0.0 |]

    let grid moves =
        Oracle.gridPath moves NegativeCosts.ClampToZero 2 3

    let expected =
        [
            "argmax", "argmax", Oracle.argmax 6
            "top-k", "top-k:3", Oracle.topK 3 6
            "ranking", "ranking", Oracle.ranking 6
            "ranking", "ranking:9/1/4/2.5/-1/0", Oracle.rankingOf reference
            "grid", "grid:2x3", grid GridMoves.Eight
            "grid4", "grid4:2x3", grid GridMoves.Four
            "grid-rd", "grid-rd:2x3", grid GridMoves.RightDown
            "set", $"set:{solutions.Path}", Oracle.finiteSet set
        ]

    for _, text, oracle in expected do
        let parsed = parse text theta.Length
        Assert.Equal(oracle.Dimension, parsed.Dimension)
        Assert.Equal<float[]>(Oracle.solve theta oracle, Oracle.solve theta parsed)

    // The grids differ on this theta, and so does each from the others' answers.
    Assert.Equal<string list>(
        OracleSyntax.forms |> List.map _.Name,
        expected |> List.map (fun (name, _, _) -> name) |> List.distinct
    )

[<Fact>]
let ``The policy on negative costs reaches the grids that need one`` () =
    let refusing text =
        OracleSyntax.parse NegativeCosts.Reject text 4

    let positive = [| 1.0; 1.0; 1.0; 1.0 |]

    for text in [ "grid:2x2"; "grid4:2x2" ] do
        Assert.Throws<OracleException>(fun () -> refusing text |> Oracle.solve positive |> ignore)
        |> ignore

        Assert.Equal(4, (parse text 4 |> Oracle.solve positive).Length)

    Assert.Equal(4, (refusing "grid-rd:2x2" |> Oracle.solve positive).Length)

[<Fact>]
let ``An oracle that cannot be read is refused with what was written and what was expected`` () =
    for text, words in
        [
            "", "oracle '' is unknown"
            "sort", "oracle 'sort' is unknown; one of argmax"
            "argmax:3", "argmax takes no parameter"
            "top-k", "it is written top-k:K"
            "top-k:", "it is written top-k:K"
            "top-k:-1", "K of top-k is '-1'"
            "top-k:1.5", "K of top-k is '1.5'"
            "ranking:1//2", "an entry of V of ranking is ''"
            "ranking:1/x", "an entry of V of ranking is 'x'"
            "grid", "it is written grid:RxC"
            "grid:12", "ROWSxCOLUMNS such as 12x12"
            "grid:0x3", "the number of rows of grid is '0'"
            "grid4:3xb", "the number of columns of grid4 is 'b'"
            "grid-rd:2x3x4", "the size is '2x3x4'"
            "set", "it is written set:FILE"
        ] do
        Assert.Contains(words, refusal (fun () -> parse text 6))
