namespace Perturbed.Functional

open System
open MathNet.Numerics.Integration

/// Independent coordinates X_i = centre_i + scale_i Z_i of one law.
[<NoComparison; NoEquality>]
type internal Coordinates =
    {
        Law: ICoordinateLaw
        Centres: float[]
        Scales: float[]
    }

/// Quadrature on the line in panels fitted to the coordinates: each as narrow as the nearest law needs, and no
/// narrower.
module internal Panels =

    // Beyond z with |z| P(|Z| > |z|) below this nothing reaches the last digit of a double.
    let private negligible = 1e-18

    // No range is followed further than this, where products of numbers still fit a double.
    let private furthest = 1e290

    let private reach (tail: float -> float) (hasMean: bool) : float =
        let rest (z: float) = if hasMean then z * tail z else tail z
        let mutable z = 1.0

        while z < furthest && rest z > negligible do
            z <- 1.25 * z

        z

    /// How far the law reaches below and above 0, up to negligible tails.
    let range (law: ICoordinateLaw) : struct (float * float) =
        struct (-(reach (fun z -> law.Cdf -z) law.HasMean), reach law.Survival law.HasMean)

    // Whether every coordinate that varies in [a, b] allows a panel as wide.
    let private fits (x: Coordinates) (low: float) (high: float) (refinement: float) (a: float) (b: float) : bool =
        let mutable answer = true
        let mutable i = 0

        while answer && i < x.Centres.Length do
            let scale = x.Scales[i]
            let first = (a - x.Centres[i]) / scale
            let last = (b - x.Centres[i]) / scale

            if last > low && first < high then
                let distance = max 0.0 (max first -last)
                answer <- b - a <= scale * x.Law.Resolution distance / refinement

            i <- i + 1

        answer

    // Ends, the origin, and the kinks of a density that has them.
    let private fixedEdges (x: Coordinates) (low: float) (high: float) : float[] =
        [|
            low
            high
            if low < 0.0 && high > 0.0 then
                0.0
            if not x.Law.HasCurvature then
                yield! x.Centres |> Array.filter (fun c -> low < c && c < high)
        |]
        |> Array.distinct
        |> Array.sort

    // Tabulated to full precision. Sixteen nodes integrate e^(−z²/2) and the like over a panel of width 1 to the last
    // digit.
    let private rule = GaussLegendreRule(-1.0, 1.0, 16)

    /// Nodes and weights of [low, high], both in the unit of the scales; a refinement of 2 halves every panel.
    let nodes (x: Coordinates) (low: float) (high: float) (refinement: float) : struct (float[] * float[]) =
        let struct (lawLow, lawHigh) = range x.Law
        let nodes = ResizeArray<float>()
        let weights = ResizeArray<float>()

        let rec cover (a: float) (b: float) =
            let middle = 0.5 * a + 0.5 * b

            if fits x lawLow lawHigh refinement a b || middle <= a || middle >= b then
                let half = 0.5 * b - 0.5 * a

                for j in 0 .. rule.Order - 1 do
                    nodes.Add(middle + half * rule.GetAbscissa j)
                    weights.Add(half * rule.GetWeight j)
            else
                cover a middle
                cover middle b

        for a, b in Array.pairwise (fixedEdges x low high) do
            cover a b

        struct (nodes.ToArray(), weights.ToArray())
