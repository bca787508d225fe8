/// Exact arithmetic on doubles: every finite double is m·2^e with whole m and e, and sums and products of such numbers are such numbers.
namespace Perturbed.Functional.Fuzz

open System
open System.Numerics

/// m·2^e, exactly.
[<Struct; CustomEquality; CustomComparison>]
type Dyadic =
    {
        Mantissa: BigInteger
        Exponent: int
    }

    static member Zero =
        {
            Mantissa = BigInteger.Zero
            Exponent = 0
        }

    static member OfFloat(x: float) : Dyadic =
        let bits = BitConverter.DoubleToInt64Bits x
        let fraction = bits &&& 0xFFFFFFFFFFFFFL
        let exponent = int ((bits >>> 52) &&& 0x7FFL)

        if exponent = 0x7FF then
            invalidArg (nameof x) $"x is {x}; expected a finite number."

        if bits &&& Int64.MaxValue = 0L then
            Dyadic.Zero
        else
            let magnitude = if exponent = 0 then fraction else fraction ||| (1L <<< 52)
            let zeros = BitOperations.TrailingZeroCount magnitude
            let odd = magnitude >>> zeros

            {
                Mantissa = BigInteger(if bits < 0L then -odd else odd)
                Exponent = max exponent 1 - 1075 + zeros
            }

    static member private Aligned(a: Dyadic, b: Dyadic) : struct (BigInteger * BigInteger * int) =
        if a.Exponent = b.Exponent then
            struct (a.Mantissa, b.Mantissa, a.Exponent)
        elif a.Exponent > b.Exponent then
            struct (a.Mantissa <<< (a.Exponent - b.Exponent), b.Mantissa, b.Exponent)
        else
            struct (a.Mantissa, b.Mantissa <<< (b.Exponent - a.Exponent), a.Exponent)

    static member (+)(a: Dyadic, b: Dyadic) : Dyadic =
        if a.Mantissa.IsZero then
            b
        elif b.Mantissa.IsZero then
            a
        else
            let struct (x, y, e) = Dyadic.Aligned(a, b)
            { Mantissa = x + y; Exponent = e }

    static member (~-)(a: Dyadic) : Dyadic = { a with Mantissa = -a.Mantissa }

    static member (-)(a: Dyadic, b: Dyadic) : Dyadic = a + -b

    static member (*)(a: Dyadic, b: Dyadic) : Dyadic =
        if a.Mantissa.IsZero || b.Mantissa.IsZero then
            Dyadic.Zero
        else
            {
                Mantissa = a.Mantissa * b.Mantissa
                Exponent = a.Exponent + b.Exponent
            }

    member a.Sign: int = a.Mantissa.Sign

    member a.Abs: Dyadic = if a.Mantissa.Sign < 0 then -a else a

    override a.Equals(other: obj) =
        match other with
        | :? Dyadic as b -> (a - b).Sign = 0
        | _ -> false

    override a.GetHashCode() = a.ToFloat().GetHashCode()

    interface IComparable with
        member a.CompareTo(other: obj) = (a - (other :?> Dyadic)).Sign

    /// The nearest double but for the last bits: for messages.
    member a.ToFloat() : float =
        let excess = int (BigInteger.Abs(a.Mantissa).GetBitLength()) - 60

        if excess > 0 then
            Math.ScaleB(float (a.Mantissa >>> excess), a.Exponent + excess)
        else
            Math.ScaleB(float a.Mantissa, a.Exponent)

[<RequireQualifiedAccess>]
module Dyadic =

    let ofFloat (x: float) : Dyadic = Dyadic.OfFloat x

    let ofInt (n: int) : Dyadic = Dyadic.OfFloat(float n)

    /// n·2^−53: n roundings.
    let roundings (n: int) : Dyadic =
        {
            Mantissa = BigInteger n
            Exponent = -53
        }

    let max (a: Dyadic) (b: Dyadic) : Dyadic = if (a - b).Sign >= 0 then a else b

    /// ⟨x, y⟩.
    let dot (x: float[]) (y: float[]) : Dyadic =
        let mutable sum = Dyadic.Zero

        for i in 0 .. x.Length - 1 do
            if x[i] <> 0.0 && y[i] <> 0.0 then
                sum <- sum + Dyadic.OfFloat x[i] * Dyadic.OfFloat y[i]

        sum

    /// Σ|x_i y_i|.
    let dotSize (x: float[]) (y: float[]) : Dyadic = dot (Array.map abs x) (Array.map abs y)
