/// Sums of doubles as whole multiples of 2^-1074, and what rounding such sums may lose.
module Perturbed.Kernels.Tests.ExactArithmetic

open System
open Perturbed.Functional.CSharp
open Xunit

/// A number as a multiple of 2^-1074.
let whole (x: float) : bigint =
    let bits = BitConverter.DoubleToInt64Bits(abs x)
    let exponent = max 1 (int (bits >>> 52))
    let significand = bits - (int64 (exponent - 1) <<< 52)
    bigint (sign x) * (bigint significand <<< (exponent - 1))

/// ⟨y, θ⟩, for whole y.
let product (y: float[]) (theta: float[]) : bigint =
    Array.fold2 (fun sum (y: float) t -> if y = 0.0 then sum else sum + bigint y * whole t) 0I y theta

/// 2⁵³ times the rounding of ⟨y, θ⟩ in any order: a unit of the sum of sizes a term, and one for a product or a cost known to its last place.
let rounding (y: float[]) (theta: float[]) : bigint =
    bigint (Array.sum y + 1.0) * product y (Array.map abs theta)

/// Entries of any sign and of sizes 1e-15 to 1e15; some repeat, some are opposite, some are 0.
let wide (dimension: int) (random: Random) : float[] =
    let theta =
        Array.init dimension (fun _ ->
            let size = 10.0 ** float (random.Next(-15, 16)) * (1.0 + random.NextDouble())
            if random.Next 2 = 0 then size else -size)

    for i in 0 .. dimension - 1 do
        match random.Next 8 with
        | 0 -> theta[i] <- -theta[random.Next dimension]
        | 1 -> theta[i] <- theta[random.Next dimension]
        | 2 -> theta[i] <- 0.0
        | _ -> ()

    theta

/// No point is better than the answer by more than the rounding of its terms and of those of the answer.
let isNotBeaten (points: float[] seq) (theta: float[]) (y: float[]) : unit =
    let sum, lost = product y theta, rounding y theta

    for point in points do
        let excess = (product point theta - sum) <<< 53

        if excess > lost + rounding point theta then
            Assert.Fail $"%A{point} is better than the answer %A{y} at theta = %A{Array.map string theta}"

/// The answer to every row is a solution that no point beats, its value is its sum to rounding, and it depends on θ alone.
let isRight (points: float[][]) (oracle: IOracle) (rows: float[][]) : unit =
    let solutions, values = OracleLaws.solve oracle rows

    for row in 0 .. rows.Length - 1 do
        let theta, y = rows[row], Array.truncate rows[row].Length solutions[row]
        Assert.True(oracle.IsSolution(ReadOnlySpan solutions[row]))
        isNotBeaten points theta y
        let off = abs (whole values[row] - product y theta)
        Assert.True((off <<< 53) <= rounding y theta, $"the value is {values[row]} at theta = %A{theta}")

    OracleLaws.isFunctionOfTheta oracle rows[0] rows
    OracleLaws.isThreadSafe oracle rows
