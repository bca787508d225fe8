namespace Perturbed.Functional.Charts

/// The colours of what is no data, and what stands for each colour where a reader prefers a dark page.
[<RequireQualifiedAccess>]
module internal Theme =

    /// The ground.
    [<Literal>]
    let paper = "white"

    /// Edges of panels, ticks and texts.
    [<Literal>]
    let ink = "#333333"

    /// Grid lines.
    [<Literal>]
    let faint = "#E4E4E4"

    /// What is expected rather than measured.
    [<Literal>]
    let grey = "#555555"

    /// The inside of polytopes.
    [<Literal>]
    let inside = "#F3F3F3"

    // Colours of series that are too dark for a dark ground are lighter there; colours of scales stay.
    let private dark: (string * string) list =
        [
            paper, "#1B1D20"
            ink, "#C9CCD1"
            "#222222", "#E6E6E6"
            faint, "#3A3D42"
            grey, "#A5A9AF"
            inside, "#26292E"
            "#0072B2", "#4BA3E3"
            "#D55E00", "#F0803C"
            "#009E73", "#2BC49A"
            "#000000", "#F0F0F0"
            "#8A8A00", "#B9B92E"
        ]

    /// Rules for pictures of the class perturbed-chart; they change nothing where the reader prefers light.
    let style: string =
        let rules =
            [
                ".perturbed-chart text:not([fill]){fill:#DADDE1}"
                for light, shade in dark do
                    for attribute in [ "fill"; "stroke" ] do
                        $".perturbed-chart [{attribute}=\"{light}\"]{{{attribute}:{shade}}}"
            ]

        "@media (prefers-color-scheme: dark){" + String.concat "" rules + "}"
