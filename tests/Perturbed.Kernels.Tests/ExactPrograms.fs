/// Small linear programs in fractions of whole numbers, by the enumeration of all vertices: no rounding, and no simplex method.
module Perturbed.Kernels.Tests.ExactPrograms

open System
open System.Numerics

/// A fraction in lowest terms, its denominator above 0.
[<CustomEquality; NoComparison>]
type Fraction =
    {
        N: BigInteger
        D: BigInteger
    }

    static member Of(n: BigInteger, d: BigInteger) : Fraction =
        let common = BigInteger.GreatestCommonDivisor(n, d) * BigInteger d.Sign
        { N = n / common; D = d / common }

    static member Zero: Fraction = { N = 0I; D = 1I }
    static member One: Fraction = { N = 1I; D = 1I }

    /// The value of a double, exactly.
    static member Of(x: float) : Fraction =
        let bits = BitConverter.DoubleToInt64Bits(abs x)
        let exponent = max 1L (bits >>> 52)

        let mantissa =
            BigInteger(
                if bits >>> 52 = 0L then
                    bits
                else
                    (bits &&& 0xFFFFFFFFFFFFFL) ||| (1L <<< 52)
            )

        let shift = int exponent - 1075
        let signed = if x < 0.0 then -mantissa else mantissa

        if shift >= 0 then
            { N = signed <<< shift; D = 1I }
        else
            Fraction.Of(signed, 1I <<< -shift)

    static member (+)(a: Fraction, b: Fraction) : Fraction =
        Fraction.Of(a.N * b.D + b.N * a.D, a.D * b.D)

    static member (-)(a: Fraction, b: Fraction) : Fraction =
        Fraction.Of(a.N * b.D - b.N * a.D, a.D * b.D)

    static member (*)(a: Fraction, b: Fraction) : Fraction = Fraction.Of(a.N * b.N, a.D * b.D)
    static member (/)(a: Fraction, b: Fraction) : Fraction = Fraction.Of(a.N * b.D, a.D * b.N)
    member a.Sign: int = a.N.Sign
    member a.Abs: Fraction = { a with N = abs a.N }
    override a.GetHashCode() : int = HashCode.Combine(a.N, a.D)

    override a.Equals(other: obj) : bool =
        match other with
        | :? Fraction as b -> a.N = b.N && a.D = b.D
        | _ -> false

let private dot (x: Fraction[]) (y: Fraction[]) : Fraction =
    Array.fold2 (fun sum a b -> sum + a * b) Fraction.Zero x y

/// The solution of a square system by Gauss and Jordan; None where it has no single one.
let private solve (rows: (Fraction[] * Fraction)[]) : Fraction[] option =
    let d = rows.Length
    let m = rows |> Array.map (fun (row, right) -> Array.append row [| right |])

    let rec eliminate (step: int) : Fraction[] option =
        if step = d then
            Some(m |> Array.map Array.last)
        else
            match seq { step .. d - 1 } |> Seq.tryFind (fun i -> m[i].[step].Sign <> 0) with
            | None -> None
            | Some pivot ->
                let own = m[pivot]
                m[pivot] <- m[step]
                let own = own |> Array.map (fun x -> x / own[step])

                for i in 0 .. d - 1 do
                    if i <> step then
                        let factor = m[i].[step]
                        m[i] <- Array.map2 (fun x p -> x - factor * p) m[i] own

                m[step] <- own
                eliminate (step + 1)

    eliminate 0

type Program =
    {
        A: float[,]
        B: float[]
        Lower: float[]
        Upper: float[]
    }

/// All vertices. There is one whenever the program is feasible, because lower bounds are finite.
let vertices (program: Program) : Fraction[][] =
    let d = program.Lower.Length

    let unit (sign: float) (j: int) =
        Array.init d (fun k -> Fraction.Of(if j = k then sign else 0.0))

    let faces =
        [|
            for i in 0 .. program.B.Length - 1 do
                Array.map Fraction.Of program.A[i, *], Fraction.Of program.B[i]

            for j in 0 .. d - 1 do
                unit -1.0 j, Fraction.Of -program.Lower[j]

                if Double.IsFinite program.Upper[j] then
                    unit 1.0 j, Fraction.Of program.Upper[j]
        |]

    [|
        for chosen in ReferenceSolvers.subsets faces.Length d do
            let tight =
                faces
                |> Array.indexed
                |> Array.filter (fun (i, _) -> chosen[i] = 1.0)
                |> Array.map snd

            match solve tight with
            | Some y when faces |> Array.forall (fun (row, right) -> (right - dot row y).Sign >= 0) -> y
            | _ -> ()
    |]

type Verdict =
    | Infeasible
    | Unbounded
    | Best of value: Fraction * Fraction[][]

let valueOf (theta: float[]) (y: Fraction[]) : Fraction = dot (Array.map Fraction.Of theta) y

/// What the program says at a θ: all of its best vertices.
let decide (program: Program) (points: Fraction[][]) : float[] -> Verdict =
    // Directions that never leave the polyhedron, cut off at a sum of 1.
    let d = program.Lower.Length

    let rays =
        lazy
            (vertices
                {
                    A =
                        Array2D.init (program.B.Length + 1) d (fun i j ->
                            if i < program.B.Length then program.A[i, j] else 1.0)
                    B = Array.init (program.B.Length + 1) (fun i -> if i < program.B.Length then 0.0 else 1.0)
                    Lower = Array.zeroCreate d
                    Upper =
                        program.Upper
                        |> Array.map (fun u -> if Double.IsFinite u then 0.0 else infinity)
                })

    fun theta ->
        if points.Length = 0 then
            Infeasible
        elif rays.Value |> Array.exists (fun ray -> (valueOf theta ray).Sign > 0) then
            Unbounded
        else
            let values = points |> Array.map (valueOf theta)
            let best = values |> Array.reduce (fun a b -> if (a - b).Sign > 0 then a else b)

            Best(
                best,
                Array.zip points values
                |> Array.filter (fun (_, v) -> v = best)
                |> Array.map fst
            )

/// Whether x is no further from an exact number than half a unit in the last place.
let isNearest (x: float) (exact: Fraction) : bool =
    let next = Math.BitIncrement(abs x)
    let half = Fraction.Of(next) - Fraction.Of(abs x)
    let distance = (Fraction.Of x - exact).Abs
    (half - distance - distance).Sign >= 0
