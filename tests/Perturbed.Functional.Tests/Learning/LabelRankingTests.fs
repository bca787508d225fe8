module Perturbed.Functional.Tests.Learning.LabelRankingTests

open System
open System.IO
open System.Text
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

let private parse (text: string) : LabelRankingData =
    LabelRanking.read "data.csv" (new StringReader(text))

let private fails (message: string) (text: string) : unit =
    let error = Assert.Throws<InvalidDataException>(fun () -> parse text |> ignore)
    Assert.Equal(message, error.Message)

/// Directories shared/data/label-ranking in or beside a parent of the test's own directory.
let private dataDirectory: string option =
    AppContext.BaseDirectory
    |> Seq.unfold (fun at ->
        match Path.GetDirectoryName at with
        | null -> None
        | parent -> Some(Path.Combine(parent, "shared", "data", "label-ranking"), parent))
    |> Seq.tryFind Directory.Exists

[<Tests>]
let tests =
    testList "Learning.LabelRanking" [
        testCase "the best label has rank d and the worst 1, labels in ordinal order" (fun () ->
            let data = parse "A1,A2,ranking\n1.5,-2,b>c>a\n0,1e-3,a>b>c\n"
            Assert.Equal<string[]>([| "A1"; "A2" |], data.FeatureNames)
            Assert.Equal<string[]>([| "a"; "b"; "c" |], data.Labels)
            Assert.Equal<float[]>([| 1.5; -2.0; 0.0; 1e-3 |], flat data.Examples.Inputs)
            Assert.Equal<float[]>([| 1.0; 3.0; 2.0; 3.0; 2.0; 1.0 |], flat data.Examples.Targets)
            // A θ in the order of the ranking has exactly these ranks.
            Assert.Equal<float[]>(data.Examples.Targets[0, *], Metrics.ranks [| -1.0; 5.0; 2.0 |]))

        testCase
            "line endings, a byte-order mark, quotes, blanks, empty lines and the place of the column do not matter"
            (fun () ->
                let expected = parse "A1,ranking\n1.5,b>a\n-2,a>b\n"
                let same (data: LabelRankingData) = Assert.Equivalent(expected, data, true)
                same (parse "A1,ranking\r\n1.5,b>a\r\n-2,a>b\r\n")
                same (parse "\"A1\",\"ranking\"\n\n\"1.5\",\"b>a\"\n   \n-2, a > b ")

                let path = Path.GetTempFileName()

                try
                    File.WriteAllText(path, "A1,ranking\r\n1.5,b>a\r\n-2,a>b", UTF8Encoding true)
                    same (LabelRanking.load path)
                finally
                    File.Delete path

                let moved = parse "ranking,A1\nb>a,1.5\na>b,-2\n"
                same moved
                let quoted = parse "\"a \"\"b\"\", c\",ranking\n1,x>y"
                Assert.Equal<string[]>([| "a \"b\", c" |], quoted.FeatureNames))

        sequencedCase "numbers are read in the invariant culture whatever the thread's" (fun () ->
            let before = Globalization.CultureInfo.CurrentCulture
            let commas = Globalization.CultureInfo("").Clone() :?> Globalization.CultureInfo
            commas.NumberFormat.NumberDecimalSeparator <- ","
            commas.NumberFormat.NumberGroupSeparator <- "."

            try
                Globalization.CultureInfo.CurrentCulture <- commas
                Assert.Equal(1.5, (parse "A1,ranking\n1.5,b>a\n").Examples.Inputs[0, 0])
            finally
                Globalization.CultureInfo.CurrentCulture <- before)

        testCase "every fault of a file is an error with file, line, what was found and what was expected" (fun () ->
            fails
                "data.csv:1: the file is empty; a header with names of features and one column 'ranking' was expected."
                ""

            fails
                "data.csv:1: the file is empty; a header with names of features and one column 'ranking' was expected."
                "\n\n"

            fails
                "data.csv:1: the line is '1.5,2,a>b'; a header was expected here, with names of features and one column 'ranking' (labels from best to worst, as in b>a>c)."
                "1.5,2,a>b\n"

            fails "data.csv:1: the header has 2 columns 'ranking'; one was expected." "ranking,ranking\n"

            fails
                "data.csv:1: the header has the column 'ranking' alone; at least one feature column was expected."
                "ranking\na>b\n"

            fails "data.csv:1: the file ends after its header; at least one row was expected." "A1,ranking\n"
            fails "data.csv:3: the row has 3 fields; the header has 2." "A1,ranking\n1,a>b\n1,2,a>b\n"
            fails "data.csv:2: column 'A1' is '1,5'; a number such as -1.25 was expected." "A1,ranking\n\"1,5\",a>b\n"
            fails "data.csv:2: column 'A1' is ''; a number such as -1.25 was expected." "A1,ranking\n,a>b\n"
            fails "data.csv:3: column 'A1' is 'NaN'; a finite number was expected." "A1,ranking\n1,a>b\nNaN,a>b\n"
            fails "data.csv:2: column 'A1' is '1e999'; a finite number was expected." "A1,ranking\n1e999,a>b\n"

            fails
                "data.csv:2: the ranking is 'a'; at least two labels were expected, as in a>c>b (best first)."
                "A1,ranking\n1,a\n"

            fails
                "data.csv:3: the ranking is 'a>>b'; at least two labels were expected, as in a>c>b (best first)."
                "A1,ranking\n1,a>b\n1,a>>b\n"

            fails
                "data.csv:2: label 'a' occurs twice in the ranking; each label was expected once."
                "A1,ranking\n1,a>b>a\n"

            fails
                "data.csv:3: label 'a' occurs twice in the ranking; each label was expected once."
                "A1,ranking\n1,a>b\n1,a>a\n"

            fails
                "data.csv:4: the ranking has the label 'z'; 2 of the 3 rows rank a, b, and every row must rank the same."
                "A1,ranking\n1,b>a\n\n1,a>z\n1,a>b\n"

            fails
                "data.csv:3: the ranking lacks the label 'b'; 1 of the 2 rows rank a, b, c, and every row must rank the same."
                "A1,ranking\n1,a>b>c\n1,a>c\n")

        testCase "A row that ranks other labels than most is named, the first row too" (fun () ->
            fails
                "data.csv:2: the ranking lacks the label 'c'; 2 of the 3 rows rank a, b, c, and every row must rank the same."
                "A1,ranking\n1,a>b\n1,a>b>c\n1,c>b>a\n"

            fails
                "data.csv:2: the ranking lacks the label 'c'; 1 of the 2 rows rank a, b, c, and every row must rank the same."
                "A1,ranking\n1,a>b\n1,a>b>c\n")

        testCase "Ties and signs that part no labels are refused, not read as labels" (fun () ->
            let line (ranking: string) = $"A1,ranking\n1,{ranking}\n"

            fails
                "data.csv:2: the ranking is 'a>b=c'; '=' would tie labels, and an order without ties was expected."
                (line "a>b=c")

            fails
                "data.csv:2: the ranking is 'a~b'; '~' would tie labels, and an order without ties was expected."
                (line "a~b")

            for sign in [ ';'; '|'; '<'; '/'; ':'; '*'; '\u2009'; '\u200b' ] do
                let error =
                    Assert.Throws<InvalidDataException>(fun () -> parse (line $"a{sign}b>c") |> ignore)

                Assert.StartsWith($"data.csv:2: label 'a{sign}b' has the character ", error.Message)

            let labels = (parse (line "New York>naïve_1>x-2.5>O'Neill>日本")).Labels
            Assert.Equal<string[]>([| "New York"; "O'Neill"; "naïve_1"; "x-2.5"; "日本" |], labels))

        testCase "Names of features differ and are there" (fun () ->
            fails
                "data.csv:1: columns 0 and 2 are both named 'A'; each name was expected once."
                "A,B,A,ranking\n1,2,3,a>b\n"

            fails "data.csv:1: column 1 has no name; a name was expected for each column." "A,,ranking\n1,2,a>b\n")

        testCase
            "Control characters, bytes that are not UTF-8 and quotes inside a field are refused by their place"
            (fun () ->
                fails
                    "data.csv:2: character 1 is the control character U+0000; text was expected."
                    "A1,ranking\n1\000,a>b\n"

                fails
                    "data.csv:1: character 1 is the control character U+001B; text was expected."
                    "A\u001b[1m,ranking\n1,a>b\n"

                let quotes (at: int) =
                    $"data.csv:2: character {at} is beside a field in quotes; quotes around the whole field, and \"\" for a quote in it, were expected."

                fails (quotes 1) "A1,ranking\n1\"\",a>b\n"
                fails (quotes 3) "A1,ranking\n\"1\"2,a>b\n"

                let path = Path.GetTempFileName()

                try
                    File.WriteAllBytes(path, Array.append "A1,ranking\n1,"B [| 0xE4uy; byte '>'; byte 'b' |])

                    let error =
                        Assert.Throws<InvalidDataException>(fun () -> LabelRanking.load path |> ignore)

                    Assert.Equal(
                        $"{path}:2: character 2 is no valid UTF-8; text in UTF-8 was expected.",
                        error.Message
                    )
                    // UTF-16 announces itself by its mark.
                    File.WriteAllText(path, "A1,ranking\n1,b>ä\n", Encoding.Unicode)
                    Assert.Equal<string[]>([| "b"; "ä" |], (LabelRanking.load path).Labels)
                finally
                    File.Delete path)

        // Whatever a prefix of a good file holds, it is read or refused with its line: no other exception.
        testCase "A file cut anywhere is read as fewer rows or refused with its line" (fun () ->
            let text = "A1,\"A 2\",ranking\r\n1.5,2,b>c>a\r\n-2,1e3,a>b>c\r\n"

            for length in 0 .. text.Length do
                try
                    parse text[.. length - 1] |> ignore
                with :? InvalidDataException as error ->
                    Assert.Matches("^data.csv:[1-3]: ", error.Message)

            fails
                "data.csv:2: a quote is opened and not closed; a field in quotes ends on its own line."
                "A1,ranking\n\"1,a>b\n")

        testCase "a file that is not there is named" (fun () ->
            let error =
                Assert.Throws<FileNotFoundException>(fun () -> LabelRanking.load "no-such-file.csv" |> ignore)

            Assert.Contains("no-such-file.csv", error.Message))

        // Rows, features and labels of each set, counted by other tools. Where the data are not at hand the test holds vacuously.
        testCase
            "every real data set loads with its size, each row a permutation, when shared/data is beside the repository"
            (fun () ->
                let sizes =
                    Map [
                        "authorship", (841, 70, 4)
                        "bodyfat", (252, 7, 7)
                        "calhousing", (20640, 4, 4)
                        "cold", (2465, 24, 4)
                        "cpu-small", (8192, 6, 5)
                        "diau", (2465, 24, 7)
                        "dtt", (2465, 24, 4)
                        "elevators", (16599, 9, 9)
                        "fried", (40768, 9, 5)
                        "glass", (214, 9, 6)
                        "heat", (2465, 24, 6)
                        "housing", (506, 6, 6)
                        "iris", (150, 4, 3)
                        "pendigits", (10992, 16, 10)
                        "segment", (2310, 18, 7)
                        "spo", (2465, 24, 11)
                        "stock", (950, 5, 5)
                        "vehicle", (846, 18, 4)
                        "vowel", (528, 10, 11)
                        "wine", (178, 13, 3)
                        "wisconsin", (194, 16, 16)
                    ]

                for directory in Option.toList dataDirectory do
                    for KeyValue(name, size) in sizes do
                        let data = LabelRanking.load (Path.Combine(directory, name + ".csv"))

                        let n, p, d =
                            Examples.count data.Examples, data.FeatureNames.Length, data.Labels.Length

                        Assert.Equal((name, size), (name, (n, p, d)))
                        let sorted = [| 1.0 .. float d |]

                        for r in 0 .. n - 1 do
                            Assert.Equal<float[]>(sorted, Array.sort data.Examples.Targets[r, *]))

        // The same walk through training on a real file, or on a generated set where no file is at hand.
        testCase "least squares on the ranks learns an order: iris when at hand, else a generated set" (fun () ->
            let data =
                match dataDirectory with
                | Some directory -> LabelRanking.load (Path.Combine(directory, "iris.csv"))
                | None ->
                    ArtificialRanking.generate
                        {
                            Rows = 150
                            Features = 4
                            Labels = 3
                            Noise = 0.1
                        }
                        (Key.create 1UL)

            let model = Model.affine data.FeatureNames.Length data.Labels.Length
            let whole = data.Examples

            let evaluate (fold: Fold) =
                let train, test =
                    Standardisation.pair (Examples.take fold.Train whole) (Examples.take fold.Test whole)

                let settings =
                    Training.config 50 32 Optimizer.adam (Schedule.constant 0.05) fold.Key

                let trained = train |> Training.run settings model Loss.squared

                model
                |> Model.predict trained.Parameters test.Inputs
                |> Metrics.mean Metrics.spearman test.Targets

            let result =
                CrossValidation.run (CrossValidation.config 10 (Key.create 2UL)) (Examples.count whole) evaluate
            // An uninformed prediction has mean 0 with standard error √(1/(d − 1))/√150 < 0.06 on three labels: 0.5 is 8 of them.
            Assert.InRange(result.Mean, 0.5, 1.0))
    ]
