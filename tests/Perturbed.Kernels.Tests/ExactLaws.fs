/// Answers judged without rounding: doubles as whole numbers of the smallest double.
module Perturbed.Kernels.Tests.ExactLaws

open System
open System.Numerics
open Perturbed.Functional.CSharp
open Xunit

/// x as a multiple of 2^−1074.
let ofDouble (x: float) : BigInteger =
    let bits = BitConverter.DoubleToInt64Bits x
    let exponent = int ((bits >>> 52) &&& 0x7FFL)
    let fraction = bits &&& 0xFFFFFFFFFFFFFL

    let size =
        if exponent = 0 then
            BigInteger fraction
        else
            BigInteger(fraction ||| (1L <<< 52)) <<< (exponent - 1)

    if bits < 0L then -size else size

/// ⟨y, θ⟩ as a multiple of 2^−1084 without rounding, for y in multiples of 2^−10.
let value (y: float[]) (theta: BigInteger[]) : BigInteger =
    Array.fold2 (fun sum a b -> if a = 0.0 then sum else sum + BigInteger(1024.0 * a) * b) BigInteger.Zero y theta

/// Rows with entries spread over 1e±power, some of them multiples of each other, equal, 0, or equal to a sum of two others.
let spreadRows (power: float) (dimension: int) (count: int) (seed: int) : float[][] =
    let random = Random seed

    let entry () =
        (random.NextDouble() - 0.5)
        * 10.0 ** (power * (2.0 * random.NextDouble() - 1.0))

    Array.init count (fun row ->
        let theta = Array.init dimension (fun _ -> entry ())

        match row % 4 with
        | 1 ->
            // A few levels, so that exact ties and near ones abound.
            let levels = Array.init 4 (fun _ -> entry ())
            theta |> Array.map (fun _ -> levels[random.Next 4])
        | 2 -> theta |> Array.map (fun x -> if random.Next 3 = 0 then 0.0 else x)
        | 3 ->
            theta
            |> Array.map (fun x ->
                if random.Next 2 = 0 then
                    theta[random.Next dimension] + theta[random.Next dimension]
                else
                    x)
        | _ -> theta)

/// Every answer is a solution, and no point of the list is worth more, compared without rounding, but for the rounding of the answer's own terms.
let maximises (points: float[][]) (oracle: IOracle) (rows: float[][]) : unit =
    let solutions, _ = OracleLaws.solve oracle rows

    for row in 0 .. rows.Length - 1 do
        let y, theta = solutions[row], rows[row]
        Assert.True(oracle.IsSolution(ReadOnlySpan y), $"row {row} is not a solution: %A{y}")
        let terms = y |> Array.filter ((<>) 0.0) |> Array.length
        let exact = Array.map ofDouble theta
        let size = value (Array.map abs y) (Array.map abs exact)
        let best = points |> Seq.map (fun y -> value y exact) |> Seq.max

        // 8 terms · 2⁻⁵³ of the sum of their sizes.
        Assert.True(
            ((best - value y exact) <<< 50) <= BigInteger terms * size,
            $"row {row}: %A{y} is not the best at %A{theta}"
        )

/// No point is worth more, and answers depend on θ alone, whatever rows came before and whatever instance was told.
let obeys (points: float[][]) (oracle: IOracle) (rows: float[][]) : unit =
    maximises points oracle rows
    OracleLaws.isFunctionOfTheta oracle rows[rows.Length / 2] rows
