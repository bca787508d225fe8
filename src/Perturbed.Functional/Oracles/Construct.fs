namespace Perturbed.Functional

/// How the constructors make oracles.
module internal Construct =

    let builtIn (polytope: Polytope) (implementation: IOracle) : Oracle = Oracle(implementation, polytope, false)

    /// A solve that takes longer than writing its answer to memory: worth a thread, and worth caching.
    let builtInSlow (polytope: Polytope) (implementation: IOracle) : Oracle = Oracle(implementation, polytope, true)

    /// A wrapper of an oracle, and of the oracle of each instance where it has such.
    let like (oracle: Oracle) (wrap: Oracle -> IOracle) (polytope: Oracle -> Polytope) : Oracle =
        let build (inner: Oracle) (instances: Oracle[]) : Oracle =
            Oracle(wrap inner, polytope inner, inner.IsExpensive, instances)

        build oracle (oracle.Instances |> Array.map (fun inner -> build inner [||]))

    let requireLinear (name: string) (oracle: Oracle) : unit =
        if oracle.Dimension <> oracle.SolutionDimension then
            invalidArg
                name
                ($"The oracle '{oracle.Name}' maps dimension {oracle.Dimension} to {oracle.SolutionDimension}; "
                 + "expected solutions of the dimension of θ.")
