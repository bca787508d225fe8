/// Models that several tests solve, and numbers for them.
module Perturbed.Functional.OrTools.Tests.Models

open System
open Google.OrTools
open Perturbed.Functional
open Xunit

/// A generator of its own for each test, whose numbers do not change from run to run.
let random (number: int) : Random = Random(7919 * number + 1)

let normal (random: Random) : float =
    let u = 1.0 - random.NextDouble()
    Math.Sqrt(-2.0 * Math.Log u) * Math.Cos(2.0 * Math.PI * random.NextDouble())

let gains (random: Random) (d: int) : float[] = Array.init d (fun _ -> normal random)

/// max ⟨y, θ⟩ over A y ≤ b, lower ≤ y ≤ upper, by a solver of the linear solver.
let program (name: string) (isInteger: bool) (a: float[,]) (b: float[]) (lower: float[]) (upper: float[]) =
    let solver = LinearSolver.Solver.CreateSolver name

    let y =
        Array.init lower.Length (fun i -> solver.MakeVar(lower[i], upper[i], isInteger, $"y{i}"))

    for r in 0 .. b.Length - 1 do
        let row = solver.MakeConstraint(Double.NegativeInfinity, b[r])
        y |> Array.iteri (fun i x -> row.SetCoefficient(x, a[r, i]))

    solver.Objective().SetMaximization()
    solver, y

/// A knapsack as a CP-SAT model.
let knapsack (weights: int[]) (capacity: int) =
    let model = Sat.CpModel()
    let taken = weights |> Array.map (fun _ -> model.NewBoolVar "" :> Sat.IntVar)

    let weight =
        Sat.LinearExpr.WeightedSum(taken |> Array.map (fun x -> x :> Sat.LinearExpr), weights |> Array.map int64)

    model.Add(Sat.BoundedLinearExpression(0L, weight, int64 capacity)) |> ignore
    model, taken

let value (y: float[]) (theta: float[]) : float = Array.map2 (*) y theta |> Array.sum

/// The same maximum, to a share of the terms.
let sameMaximum (tolerance: float) (theta: float[]) (expected: float[]) (actual: float[]) : unit =
    let terms =
        Array.map3 (fun a b t -> (abs a + abs b) * abs t) expected actual theta
        |> Array.sum

    let difference = abs (value expected theta - value actual theta)

    Assert.True(
        difference <= tolerance * (terms + 1e-300),
        $"%A{expected} is worth {value expected theta}, %A{actual} {value actual theta} at %A{theta}"
    )

let check (directions: int) (oracle: Oracle) : unit =
    let report = oracle |> Oracle.check (Key.create 1UL) directions
    Assert.True(report.Passed, report.ToString())
