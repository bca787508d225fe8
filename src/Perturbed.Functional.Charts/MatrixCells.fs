namespace Perturbed.Functional.Charts

open System.Xml.Linq

/// The colours of numbers from one end to the other.
type internal CellScale =
    {
        Colours: Colours
        Low: float
        High: float
    }

/// The cells of a matrix as colours, and the bar that tells what colours mean.
[<RequireQualifiedAccess>]
module internal MatrixCells =

    // The ends of the scale: those of the values, or ± the largest with 0 in the middle.
    let scaleOf (colours: Colours) (values: float[,]) : CellScale =
        let low, high = Seq.min (Seq.cast<float> values), Seq.max (Seq.cast<float> values)

        let low, high =
            match colours with
            | Colours.Diverging ->
                let largest = max (abs low) (abs high)
                let largest = if largest = 0.0 then 1.0 else largest
                -largest, largest
            | Colours.Sequential -> if low = high then min 0.0 low, max 1.0 high else low, high

        {
            Colours = colours
            Low = low
            High = high
        }

    let scaleBar (scale: CellScale) (title: string) (left: float) (top: float) (width: float) : XElement list =
        let steps = 40

        [
            for i in 0 .. steps - 1 do
                let fill, _ = ColourScale.withText scale.Colours ((float i + 0.5) / float steps)

                let step = width / float steps
                Svg.rectangle (left + step * float i) top (step + 0.3) 10.0 [ "fill", fill ]

            Svg.text "start" left (top + 22.0) [ "font-size", "11" ] (Labels.number scale.Low)
            Svg.text "end" (left + width) (top + 22.0) [ "font-size", "11" ] (Labels.number scale.High)
            Svg.text "middle" (left + width / 2.0) (top + 36.0) [ "font-size", "11" ] title
        ]

    // A square of its colour, which tells its number (and its error) where a pointer rests.
    let private cell (fill: string) (told: string) (x: float) (y: float) (side: float) : XElement =
        let square = Svg.rectangle x y side side [ "fill", fill ]
        let tip = Svg.element "title" [] []
        tip.Value <- told
        square.Add tip
        square

    // White within dark, to be seen on any colour.
    let private frame (x: float) (y: float) (side: float) : XElement list =
        let inner = side - 3.0

        [
            for stroke, width in [ "#111111", "3"; "#FFFFFF", "1.2" ] do
                Svg.rectangle
                    (x + 1.5)
                    (y + 1.5)
                    inner
                    inner
                    [ "fill", "none"; "stroke", stroke; "stroke-width", width ]
        ]

    let cells
        (scale: CellScale)
        (values: float[,])
        (errors: float[,])
        (framed: (int * int)[])
        (left: float)
        (top: float)
        (side: float)
        : XElement list =
        let written = Labels.within (max (abs scale.Low) (abs scale.High))

        let hasText =
            values
            |> Seq.cast<float>
            |> Seq.forall (fun v -> Svg.widthOf 10.0 (written v) < side - 3.0)

        [
            for r in 0 .. Array2D.length1 values - 1 do
                for c in 0 .. Array2D.length2 values - 1 do
                    let value = values[r, c]

                    let fill, ink =
                        ColourScale.withText scale.Colours ((value - scale.Low) / (scale.High - scale.Low))

                    let x, y = left + side * float c, top + side * float r

                    let told =
                        if errors.Length = 0 then
                            Labels.number value
                        else
                            Labels.withError value errors[r, c]

                    cell fill told x y side

                    if hasText then
                        Svg.text
                            "middle"
                            (x + side / 2.0)
                            (y + side / 2.0 + 3.5)
                            [ "font-size", "10"; "fill", ink; "pointer-events", "none" ]
                            (written value)

            for r, c in framed do
                yield! frame (left + side * float c) (top + side * float r) side
        ]
