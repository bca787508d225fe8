namespace Perturbed.Functional

open Perturbed.Kernels

/// Linear programs and knapsacks.
module internal ProgramOracles =

    let knapsack (weights: int[]) (capacity: int) : Oracle =
        let oracle = KnapsackOracle(weights, capacity)

        oracle
        |> Construct.builtInSlow (
            Polytope.Knapsack(Array2D.init 1 weights.Length (fun _ i -> weights[i]), [| capacity |])
        )

    let multiKnapsack (weights: int[,]) (capacities: int[]) : Oracle =
        let oracle = MultiKnapsackOracle(weights, capacities)

        oracle
        |> Construct.builtInSlow (Polytope.Knapsack(Array2D.copy weights, Array.copy capacities))

    let private program (a: float[,]) (b: float[]) (implementation: LinearProgramOracle) : Oracle =
        let lower, upper = implementation.Lower.ToArray(), implementation.Upper.ToArray()

        implementation
        |> Construct.builtInSlow (Polytope.Inequalities(Array2D.copy a, Array.copy b, lower, upper))

    let linearProgram (a: float[,]) (b: float[]) : Oracle =
        LinearProgramOracle(a, b) |> program a b

    let boundedLinearProgram (lower: float[]) (upper: float[]) (a: float[,]) (b: float[]) : Oracle =
        LinearProgramOracle(a, b, lower, upper) |> program a b
