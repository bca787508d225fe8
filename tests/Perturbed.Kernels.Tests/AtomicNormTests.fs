/// Balls of atomic norms: vertices by enumeration, singular and eigenvalues by a full Jacobi decomposition.
module Perturbed.Kernels.Tests.AtomicNormTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

/// All eigenvalues of a symmetric matrix by cyclic Jacobi rotations, the plainest of methods.
let private eigenvalues (matrix: float[,]) : float[] =
    let n = Array2D.length1 matrix
    let a = Array2D.copy matrix

    for _ in 1..30 do
        for p in 0 .. n - 2 do
            for q in p + 1 .. n - 1 do
                if a[p, q] <> 0.0 then
                    let angle = 0.5 * atan2 (2.0 * a[p, q]) (a[q, q] - a[p, p])
                    let c, s = cos angle, sin angle

                    for k in 0 .. n - 1 do
                        let x, y = a[k, p], a[k, q]
                        a[k, p] <- c * x - s * y
                        a[k, q] <- s * x + c * y

                    for k in 0 .. n - 1 do
                        let x, y = a[p, k], a[q, k]
                        a[p, k] <- c * x - s * y
                        a[q, k] <- s * x + c * y

    Array.init n (fun i -> a[i, i])

let private leadingSingular (m: int) (n: int) (theta: float[]) : float =
    Array2D.init n n (fun i j -> Seq.sum (seq { for k in 0 .. m - 1 -> theta[k * n + i] * theta[k * n + j] }))
    |> eigenvalues
    |> Array.max
    |> max 0.0
    |> sqrt

let private leadingEigen (n: int) (theta: float[]) : float =
    Array2D.init n n (fun i j -> 0.5 * (theta[i * n + j] + theta[j * n + i]))
    |> eigenvalues
    |> Array.max

let private accepts (oracle: IOracle) (y: float[]) = oracle.IsSolution(ReadOnlySpan y)

[<Tests>]
let tests =
    testList "AtomicNorm" [
        testCase "The l1 ball answers its best vertex, the lowest index of equals and plus for zero" (fun () ->
            for d in [ 1; 2; 7; 8; 9; 20 ] do
                let vertices =
                    [|
                        for i in 0 .. d - 1 do
                            for s in [ 2.5; -2.5 ] -> Array.init d (fun j -> if i = j then s else 0.0)
                    |]

                let oracle = L1BallOracle(d, 2.5)
                OracleLaws.maximises vertices oracle (OracleLaws.halvesOf d 20 d)
                OracleLaws.obeys oracle (OracleLaws.halvesOf d 20 d)

            let answer theta =
                (OracleLaws.solve (L1BallOracle(3, 2.0)) [| theta |] |> fst)[0]

            Assert.Equal<float[]>([| 0.0; -2.0; 0.0 |], answer [| 1.0; -3.0; 3.0 |])
            Assert.Equal<float[]>([| 2.0; 0.0; 0.0 |], answer [| -0.0; 0.0; 0.0 |]))

        testCase "A box answers its best corner, and zero takes the lower bound" (fun () ->
            for d in [ 1; 3; 8; 11 ] do
                let lower = Array.init d (fun i -> -1.0 + 0.25 * float i)
                let upper = Array.init d (fun i -> lower[i] + float (i % 3))

                let corners =
                    [|
                        for mask in 0 .. (1 <<< d) - 1 ->
                            Array.init d (fun i -> if (mask >>> i) &&& 1 = 1 then upper[i] else lower[i])
                    |]

                let oracle = BoxOracle(lower, upper)
                OracleLaws.maximises corners oracle (OracleLaws.halvesOf d 12 d)
                OracleLaws.obeys oracle (OracleLaws.halvesOf d 20 d)

            let sign = BoxOracle([| -1.0; -1.0; -1.0 |], [| 1.0; 1.0; 1.0 |])
            Assert.Equal<float[]>([| 1.0; -1.0; -1.0 |], (fst (OracleLaws.solve sign [| [| 0.1; 0.0; -5.0 |] |]))[0]))

        testCase "The group ball answers the normalised best group" (fun () ->
            for groups in [ [| 0 |]; [| 0; 0; 0 |]; [| 0; 1; 2; 3 |]; [| 1; 0; 1; 2; 0; 1; 2; 2; 2 |] ] do
                let oracle = GroupBallOracle(groups, 3.0)
                let thetas = OracleLaws.halvesOf groups.Length 20 7
                OracleLaws.obeys oracle thetas
                let solutions, values = OracleLaws.solve oracle thetas

                for i in 0 .. thetas.Length - 1 do
                    let norms =
                        Array.zip groups thetas[i]
                        |> Array.groupBy fst
                        |> Array.map (fun (_, entries) -> sqrt (entries |> Array.sumBy (fun (_, t) -> t * t)))

                    Assert.True(abs (values[i] - 3.0 * Array.max norms) <= 1e-13 * (1.0 + values[i]))

                    Assert.True(
                        abs (OracleLaws.dot solutions[i] thetas[i] - values[i])
                        <= 1e-13 * (1.0 + values[i])
                    )

                    Assert.True(accepts oracle solutions[i]))

        testCase "Of groups of equal norm the lowest wins, and a zero direction takes its first coordinate" (fun () ->
            let oracle = GroupBallOracle([| 1; 0; 1; 0 |], 5.0)

            let answer theta =
                OracleLaws.solve oracle [| theta |] |> fst |> Array.head

            let tie = answer [| 3.0; 4.0; 4.0; -3.0 |]
            let expected = [| 0.0; 4.0; 0.0; -3.0 |]
            Array.iter2 (fun e a -> Assert.True(abs (e - a) <= 1e-15 * 5.0, $"%A{tie}")) expected tie
            Assert.Equal<float[]>([| 0.0; 5.0; 0.0; 0.0 |], answer [| 0.0; 0.0; -0.0; 0.0 |]))

        testCase "Huge and tiny directions neither overflow nor vanish" (fun () ->
            for scale in [ 1e-300; 1e-160; 1e160; 1e280 ] do
                let theta = [| 3.0; 4.0; 0.0; -1.0; 2.0; 1.0 |] |> Array.map ((*) scale)
                let group = GroupBallOracle([| 0; 0; 1; 1; 1; 1 |], 1.0)
                Assert.True(OracleLaws.solve group [| theta |] |> fst |> Array.head |> accepts group)
                let nuclear = NuclearBallOracle(2, 3, 1.0)
                Assert.True(OracleLaws.solve nuclear [| theta |] |> fst |> Array.head |> accepts nuclear))

        testCase
            "The nuclear ball's value is the leading singular value, whatever the shape, the rank and the gap"
            (fun () ->
                for m, n in [ 1, 1; 1, 5; 5, 1; 2, 2; 3, 4; 7, 3; 6, 6; 12, 9 ] do
                    let oracle = NuclearBallOracle(m, n, 1.5)
                    let thetas = OracleLaws.halvesOf (m * n) 14 (10 * m + n)
                    // The identity has one singular value many times over; the others are of rank one and of a gap in the twelfth digit.
                    let special =
                        [|
                            Array.init (m * n) (fun at -> if at / n = at % n then 1.0 else 0.0)
                            Array.init (m * n) (fun at -> float (1 + at / n) * float (at % n - 1))
                            Array.init (m * n) (fun at ->
                                if at / n = at % n then
                                    1.0 + 1e-12 * float (at / n)
                                else
                                    0.0)
                            Array.init (m * n) (fun at -> if at = m * n - 1 then -2.0 else 0.0)
                        |]

                    let thetas = Array.append thetas special
                    OracleLaws.obeys oracle thetas
                    let solutions, values = OracleLaws.solve oracle thetas

                    for i in 0 .. thetas.Length - 1 do
                        let sigma = 1.5 * leadingSingular m n thetas[i]
                        // The Jacobi method on the Gram matrix has σ² to a few ulp of its norm.
                        Assert.True(
                            abs (values[i] - sigma) <= 1e-12 * sigma + 1e-15,
                            $"{m} × {n}, row {i}: {values[i]} is not {sigma}"
                        )

                        Assert.True(abs (OracleLaws.dot solutions[i] thetas[i] - sigma) <= 1e-12 * (sigma + 1e-3))
                        Assert.True(accepts oracle solutions[i]))

        testCase "The spectraplex's value is the largest eigenvalue of the symmetric part, negative ones too" (fun () ->
            for n in [ 1; 2; 3; 5; 8; 13 ] do
                let oracle = SpectraplexOracle n

                let negative =
                    Array.init (n * n) (fun at -> if at / n = at % n then -1.0 - float (at % n) else 0.01)

                let antisymmetric = Array.init (n * n) (fun at -> float (at / n - at % n))
                let identity = Array.init (n * n) (fun at -> if at / n = at % n then 2.0 else 0.0)

                let thetas =
                    Array.append (OracleLaws.halvesOf (n * n) 14 n) [| negative; antisymmetric; identity |]

                OracleLaws.obeys oracle thetas
                let solutions, values = OracleLaws.solve oracle thetas

                for i in 0 .. thetas.Length - 1 do
                    let lambda = leadingEigen n thetas[i]
                    let size = 1.0 + Array.sumBy abs thetas[i]

                    Assert.True(
                        abs (values[i] - lambda) <= 1e-12 * size,
                        $"order {n}, row {i}: {values[i]} is not {lambda}"
                    )

                    Assert.True(accepts oracle solutions[i]))

        testCase "Large matrices converge long before the basis is full" (fun () ->
            let m, n = 60, 80
            let theta = (OracleLaws.halvesOf (m * n) 3 1)[2]
            let _, values = OracleLaws.solve (NuclearBallOracle(m, n, 1.0)) [| theta |]

            let sigma =
                leadingSingular n m (Array.init (m * n) (fun at -> theta[at % m * n + at / m]))

            Assert.True(abs (values[0] - sigma) <= 1e-12 * sigma))

        testCase "Only extreme points pass as solutions" (fun () ->
            let l1 = L1BallOracle(2, 2.0)
            Assert.True(accepts l1 [| 0.0; -2.0 |])

            for y in [ [| 1.0; 1.0 |]; [| 0.0; 0.0 |]; [| 2.0; 2.0 |]; [| nan; 2.0 |] ] do
                Assert.False(accepts l1 y)

            let box = BoxOracle([| 0.0; 0.0 |], [| 1.0; 0.0 |])
            Assert.True(accepts box [| 1.0; 0.0 |])
            Assert.False(accepts box [| 0.5; 0.0 |])
            let group = GroupBallOracle([| 0; 0; 1 |], 5.0)
            Assert.True(accepts group [| 3.0; -4.0; 0.0 |])

            for y in [ [| 3.0; 0.0; 2.0 |]; [| 3.0; 3.0; 0.0 |]; [| nan; 4.0; 0.0 |]; [| 0.0; 0.0; 0.0 |] ] do
                Assert.False(accepts group y)

            let nuclear = NuclearBallOracle(2, 2, 1.0)
            Assert.True(accepts nuclear [| 0.36; 0.48; 0.48; 0.64 |])
            Assert.True(accepts nuclear [| 0.0; 0.0; 0.0; -1.0 |])

            for y in
                [
                    [| sqrt 0.5; 0.0; 0.0; sqrt 0.5 |]
                    [| 0.18; 0.24; 0.24; 0.32 |]
                    [| nan; 0.0; 0.0; 1.0 |]
                    Array.zeroCreate 4
                ] do
                Assert.False(accepts nuclear y)

            let plex = SpectraplexOracle 2
            Assert.True(accepts plex [| 0.36; 0.48; 0.48; 0.64 |])

            for y in [ [| 0.5; 0.0; 0.0; 0.5 |]; [| -0.36; -0.48; -0.48; -0.64 |]; [| 0.0; 1.0; 0.0; 0.0 |] ] do
                Assert.False(accepts plex y))

        testCase "Wrong sizes and radii are errors that name the parameter" (fun () ->
            OracleLaws.rejects "dimension" (fun () -> L1BallOracle(0, 1.0))

            for radius in [ 0.0; -1.0; nan; infinity ] do
                OracleLaws.rejects "radius" (fun () -> L1BallOracle(2, radius))
                OracleLaws.rejects "radius" (fun () -> GroupBallOracle([| 0 |], radius))
                OracleLaws.rejects "radius" (fun () -> NuclearBallOracle(2, 2, radius))

            OracleLaws.rejects "lower" (fun () -> BoxOracle([||], [||]))
            OracleLaws.rejects "lower" (fun () -> BoxOracle([| nan |], [| 1.0 |]))
            OracleLaws.rejects "upper" (fun () -> BoxOracle([| 1.0 |], [| 0.5 |]))
            OracleLaws.rejects "upper" (fun () -> BoxOracle([| 1.0 |], [| 2.0; 3.0 |]))
            OracleLaws.rejects "groups" (fun () -> GroupBallOracle([||], 1.0))
            OracleLaws.rejects "groups" (fun () -> GroupBallOracle([| 0; 2; 2 |], 1.0))
            OracleLaws.rejects "groups" (fun () -> GroupBallOracle([| 0; -1 |], 1.0))
            OracleLaws.rejects "rows" (fun () -> NuclearBallOracle(0, 2, 1.0))
            OracleLaws.rejects "columns" (fun () -> NuclearBallOracle(2, 0, 1.0))
            OracleLaws.rejects "size" (fun () -> SpectraplexOracle 0)
            OracleLaws.rejects "size" (fun () -> SpectraplexOracle 5000))
    ]
