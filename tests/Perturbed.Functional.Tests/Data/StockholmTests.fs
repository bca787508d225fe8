module Perturbed.Functional.Tests.Data.StockholmTests

open System
open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private read (text: string) : StockholmAlignment[] =
    use reader = new StringReader(text)
    Stockholm.read "family.sto" reader

let private file =
    "# STOCKHOLM 1.0\n#=GF ID  Toy family\n#=GF BM\n# a comment\n\n#=GS a/1-5 AC P1 2\na/1-5     AC.D\n"
    + "#=GR a/1-5 SS HH.E\nb         -CcD\n#=GC cons +C.D\n\na/1-5     EF\nb         EF\n#=GR a/1-5 SS EE\n"
    + "#=GC cons EF\n//\n# STOCKHOLM 1.0\nc  AC\n//\n"

[<Tests>]
let tests =
    testList "Data.Stockholm" [
        testCase "rows of several blocks are joined, and annotations know what they are about" (fun () ->
            let alignments = read file
            Assert.Equal(2, alignments.Length)

            Assert.Equal<(string * string)[]>(
                [| "a/1-5", "AC.DEF"; "b", "-CcDEF" |],
                alignments[0].Sequences |> Array.map (fun s -> s.Name, s.Row)
            )

            Assert.Equal<(StockholmSubject * string * string)[]>(
                [|
                    StockholmSubject.Alignment, "ID", "Toy family"
                    StockholmSubject.Alignment, "BM", ""
                    StockholmSubject.Sequence "a/1-5", "AC", "P1 2"
                    StockholmSubject.Residues "a/1-5", "SS", "HH.EEE"
                    StockholmSubject.Columns, "cons", "+C.DEF"
                |],
                alignments[0].Annotations |> Array.map (fun a -> a.Subject, a.Feature, a.Text)
            )

            Assert.Equal("ACCDEF", Stockholm.letters "A-C.cDE~F_"))

        testCase "what is written is read again" (fun () ->
            let alignments = read file
            let path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString() + ".sto")

            try
                Stockholm.save path alignments
                Assert.Equal<StockholmAlignment[]>(alignments, Stockholm.load path)
            finally
                File.Delete path)

        testCase "a wrong line says where it is, what was found and what was expected" (fun () ->
            let refuses (expected: string) (text: string) =
                raises<InvalidDataException> ("family.sto:" + expected) (fun () -> read text |> ignore)

            let start = "# STOCKHOLM 1.0\n"
            refuses "1: the text is empty; '# STOCKHOLM 1.0' was expected." ""
            refuses "1: '>a' was found; '# STOCKHOLM 1.0' was expected." ">a\nAC\n"
            refuses "2: the text ends inside an alignment; // was expected after it." (start + "a AC\n")
            refuses "2: the alignment from line 1 has no sequence; at least one was expected." (start + "//\n")
            refuses "2: 'AC' was found; a name and a row, or // at the end, was expected." (start + "AC\n//\n")
            refuses "3: the row of b has 1 columns; that of a has 2." (start + "a AC\nb A\n//\n")

            refuses
                "2: character 1 of the row of a is '?'; a letter or one of . - _ ~ * was expected."
                (start + "a A?\n//\n")

            refuses "2: '#=XX' was found; #=GF, #=GC, #=GS or #=GR was expected." (start + "#=XX a\na A\n//\n")
            refuses "2: cons has 3 columns; the rows have 1." (start + "#=GC cons AAA\na A\n//\n")

            refuses
                "2: AC is about the sequence z, which the alignment does not have."
                (start + "#=GS z AC P1\na A\n//\n"))

        testCase "what could not be read again is not written" (fun () ->
            let alignment name row =
                {
                    Sequences = [| { Name = name; Row = row } |]
                    Annotations = [||]
                }

            for bad in
                [
                    alignment "two words" "AC"
                    alignment "a" "A1"
                    alignment "" "AC"
                    { alignment "a" "AC" with
                        Sequences = [||]
                    }
                ] do
                use writer = new StringWriter()

                let error =
                    Assert.Throws<ArgumentException>(fun () -> Stockholm.write [| bad |] writer)

                Assert.Equal("alignments", error.ParamName)
                Assert.Equal("", writer.ToString()))
    ]
