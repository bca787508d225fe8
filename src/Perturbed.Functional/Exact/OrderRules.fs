namespace Perturbed.Functional

open System

/// Density, distribution function and upper tail of every coordinate at one node of a quadrature.
[<NoComparison; NoEquality>]
type internal AtNode =
    {
        Density: float[]
        Cdf: float[]
        Survival: float[]
    }

/// What integrates to an order problem's expectations: the solution, its Jacobian products, and the value above and
/// below 0.
[<AbstractClass>]
type internal OrderRule() =
    /// Adds weight times the integrand of E y.
    abstract AddSolution: at: AtNode * weight: float * y: float[] -> unit
    /// Adds weight times the integrand of the product of the symmetric Jacobian with v.
    abstract AddProduct: at: AtNode * weight: float * v: float[] * product: float[] -> unit
    /// The value rises by this for each unit of length above 0, and falls below 0.
    abstract Rise: AtNode -> float
    /// The fall below 0.
    abstract Fall: AtNode -> float
    /// The value of a problem in which every coordinate is 0.
    abstract Base: float
    /// How many coordinates must surely lie above a point for nothing to change below it.
    abstract Depth: int

/// <summary>The k largest of d independent coordinates, by the law of the number N of coordinates above a point
/// t.</summary>
/// <remarks>
/// E y_i = ∫ f_i P(N₋ᵢ &lt; k) dt and ∂E y_i/∂θ_j = −∫ f_i f_j P(N₋ᵢⱼ = k − 1) dt. N is Poisson-binomial. Its law
/// without one coordinate is the product of a prefix and a suffix polynomial ∏ (F_l + S_l x): sums of positive terms
/// alone, O(d·k) for all coordinates at a node.
/// </remarks>
[<Sealed>]
type internal TopRule(d: int, k: int) =
    inherit OrderRule()

    // Row i holds the first k coefficients over coordinates below i, or from i on.
    let prefix: float[] = Array.zeroCreate ((d + 1) * k)
    let suffix: float[] = Array.zeroCreate ((d + 1) * k)
    // Their derivatives in the direction of `slopes`.
    let prefixSlope: float[] = Array.zeroCreate ((d + 1) * k)
    let suffixSlope: float[] = Array.zeroCreate ((d + 1) * k)

    // target row = source row · (F + S x).
    let extend (table: float[]) (source: int) (target: int) (cdf: float) (survival: float) : unit =
        for a in 0 .. k - 1 do
            let carried = if a = 0 then 0.0 else survival * table[source * k + a - 1]
            table[target * k + a] <- cdf * table[source * k + a] + carried

    let fillPrefix (at: AtNode) : unit =
        Array.Clear(prefix, 0, k)
        prefix[0] <- 1.0

        for i in 0 .. d - 1 do
            extend prefix i (i + 1) at.Cdf[i] at.Survival[i]

    let fillSuffix (at: AtNode) : unit =
        Array.Clear(suffix, d * k, k)
        suffix[d * k] <- 1.0

        for i in d - 1 .. -1 .. 0 do
            extend suffix (i + 1) i at.Cdf[i] at.Survival[i]

    // Slopes of both tables where the factor of coordinate l is followed by f_l c_l: Σ_l f_l c_l ∏_{j≠l}.
    let fillSlopes (at: AtNode) (c: int -> float) : unit =
        Array.Clear(prefixSlope, 0, k)
        Array.Clear(suffixSlope, d * k, k)

        for i in 0 .. d - 1 do
            extend prefixSlope i (i + 1) at.Cdf[i] at.Survival[i]
            let slope = at.Density[i] * c i

            for a in 0 .. k - 1 do
                prefixSlope[(i + 1) * k + a] <- prefixSlope[(i + 1) * k + a] + slope * prefix[i * k + a]

        for i in d - 1 .. -1 .. 0 do
            extend suffixSlope (i + 1) i at.Cdf[i] at.Survival[i]
            let slope = at.Density[i] * c i

            for a in 0 .. k - 1 do
                suffixSlope[i * k + a] <- suffixSlope[i * k + a] + slope * suffix[(i + 1) * k + a]

    // Σ_{j≠i} f_j c_j P(N₋ᵢⱼ = k − 1) under the slopes at hand.
    let slopeWithout (i: int) : float =
        let mutable total = 0.0

        for a in 0 .. k - 1 do
            let b = (i + 1) * k + k - 1 - a
            total <- total + prefixSlope[i * k + a] * suffix[b] + prefix[i * k + a] * suffixSlope[b]

        total

    override _.Base = float k
    override _.Depth = k

    override _.AddSolution(at, weight, y) =
        fillPrefix at
        fillSuffix at

        // Suffix coefficients become P(N ≤ a).
        for i in 0..d do
            for a in 1 .. k - 1 do
                suffix[i * k + a] <- suffix[i * k + a] + suffix[i * k + a - 1]

        for i in 0 .. d - 1 do
            let mutable below = 0.0

            for a in 0 .. k - 1 do
                below <- below + prefix[i * k + a] * suffix[(i + 1) * k + k - 1 - a]

            y[i] <- y[i] + weight * at.Density[i] * below

    override _.AddProduct(at, weight, v, product) =
        fillPrefix at
        fillSuffix at
        fillSlopes at (fun _ -> 1.0)
        let sums = Array.init d slopeWithout
        fillSlopes at (fun j -> v[j])

        for i in 0 .. d - 1 do
            product[i] <- product[i] + weight * at.Density[i] * (v[i] * sums[i] - slopeWithout i)

    // E min(N, k) = Σ_i S_i P(fewer than k above among the first i).
    override _.Rise(at) =
        fillPrefix at
        let mutable total = 0.0

        for i in 0 .. d - 1 do
            let mutable fewer = 0.0

            for a in 0 .. k - 1 do
                fewer <- fewer + prefix[i * k + a]

            total <- total + at.Survival[i] * fewer

        total

    // k − E min(N, k).
    override _.Fall(at) =
        fillPrefix at
        let mutable total = 0.0

        for a in 0 .. k - 1 do
            total <- total + float (k - a) * prefix[d * k + a]

        total

/// <summary>The rank less one of each of d independent coordinates: the number of coordinates below it, pair by
/// pair.</summary>
/// <remarks>E y_i = ∫ f_i Σ_{j≠i} F_j dt, ∂E y_i/∂θ_j = −∫ f_i f_j dt, and the value is Σ_{i&lt;j} E max(X_i, X_j).
/// O(d) at a node.</remarks>
[<Sealed>]
type internal RankRule(d: int) =
    inherit OrderRule()
    override _.Base = 0.5 * float d * float (d - 1)
    override _.Depth = d

    override _.AddSolution(at, weight, y) =
        let total = Array.sum at.Cdf

        for i in 0 .. d - 1 do
            y[i] <- y[i] + weight * at.Density[i] * (total - at.Cdf[i])

    override _.AddProduct(at, weight, v, product) =
        let density = Array.sum at.Density
        let mutable moment = 0.0

        for j in 0 .. d - 1 do
            moment <- moment + at.Density[j] * v[j]

        for i in 0 .. d - 1 do
            product[i] <- product[i] + weight * at.Density[i] * (v[i] * density - moment)

    // Σ_{i<j} (1 − F_i F_j), as S_j + F_j S_i: no difference of numbers near 1.
    override _.Rise(at) =
        let mutable total = 0.0
        let mutable survivals = 0.0

        for j in 0 .. d - 1 do
            total <- total + float j * at.Survival[j] + at.Cdf[j] * survivals
            survivals <- survivals + at.Survival[j]

        total

    override _.Fall(at) =
        let mutable total = 0.0
        let mutable sum = 0.0

        for j in 0 .. d - 1 do
            total <- total + at.Cdf[j] * sum
            sum <- sum + at.Cdf[j]

        total
