namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Oracles out of oracles.
module internal CombinedOracles =

    let ofInstance (instance: int) (oracle: Oracle) : Oracle =
        let count = oracle.Instances.Length

        if instance < 0 then
            invalidArg (nameof instance) $"instance is {instance}; instances are numbered from 0."

        if count > 0 && instance >= count then
            invalidArg
                (nameof instance)
                $"instance is {instance}; '{oracle.Name}' has {count} oracles, those of the instances 0 to {count - 1}."

        oracle.OfInstance(int64 instance)

    let perInstance (oracles: Oracle[]) : Oracle =
        Check.notNull (nameof oracles) oracles

        if oracles.Length = 0 then
            invalidArg (nameof oracles) "oracles is empty; each batch row needs one."

        oracles
        |> Array.iteri (fun i oracle ->
            if isNull (box oracle) then
                invalidArg (nameof oracles) $"oracles[{i}] is null; an oracle was expected."

            let first = oracles[0]

            if
                oracle.Dimension <> first.Dimension
                || oracle.SolutionDimension <> first.SolutionDimension
            then
                invalidArg
                    (nameof oracles)
                    ($"oracles[{i}] maps dimension {oracle.Dimension} to {oracle.SolutionDimension}; "
                     + $"oracles[0] maps {first.Dimension} to {first.SolutionDimension}."))

        let oracles = Array.copy oracles

        Oracle(
            PerInstanceOracle oracles,
            Polytope.Unknown oracles[0].SolutionDimension,
            oracles |> Array.exists _.IsExpensive,
            oracles
        )

    // How many instances a combination has: as many as every part that has such; 0 where none has.
    let private instancesOf (parts: Oracle[]) : int =
        match parts |> Array.map _.Instances.Length |> Array.filter (fun n -> n > 0) with
        | [||] -> 0
        | counts -> Array.min counts

    let product (oracles: Oracle[]) : Oracle =
        Check.notNull (nameof oracles) oracles

        if oracles.Length = 0 then
            invalidArg (nameof oracles) "oracles is empty; a product needs at least one factor."

        oracles
        |> Array.iteri (fun i oracle -> Construct.requireLinear $"oracles[{i}]" oracle)

        Sizes.Product(nameof oracles, "θ of the product", oracles |> Array.sumBy (fun oracle -> int64 oracle.Dimension))
        |> ignore

        let build (factors: Oracle[]) (instances: Oracle[]) : Oracle =
            Oracle(
                ProductOracle(factors |> Array.map _.Implementation),
                Polytope.Product(factors |> Array.map _.Polytope, factors |> Array.map _.Dimension),
                factors |> Array.exists _.IsExpensive,
                instances
            )

        Array.init (instancesOf oracles) (fun i ->
            build (oracles |> Array.map (fun oracle -> oracle.OfInstance(int64 i))) [||])
        |> build oracles

    /// y*(θ) of an oracle minus that of a restricted one at the same θ.
    let difference (whole: Oracle) (restricted: Oracle) : Oracle =
        Construct.requireLinear "smoothed" whole
        Construct.requireLinear (nameof restricted) restricted

        Check.length (nameof restricted) restricted.Dimension whole.Dimension $"the dimension of oracle '{whole.Name}'"

        let implementation =
            DifferenceOracle(whole.Implementation, restricted.Implementation)

        let build (instances: Oracle[]) : Oracle =
            Oracle(
                implementation,
                Polytope.Unknown whole.Dimension,
                whole.IsExpensive || restricted.IsExpensive,
                instances
            )

        // Nothing is known of differences, whatever the instance, so one oracle stands for those of all.
        match instancesOf [| whole; restricted |] with
        | 0 -> build [||]
        | count -> build (Array.create count (build [||]))

    let padded (dimension: int) (oracle: Oracle) : Oracle =
        Construct.requireLinear (nameof oracle) oracle
        let rest = dimension - oracle.Dimension

        if rest < 0 then
            invalidArg
                (nameof dimension)
                $"dimension is {dimension}; that of oracle '{oracle.Name}' is {oracle.Dimension}, and padding adds to it."

        if rest = 0 then
            oracle
        else
            product [| oracle; BallOracles.box (Array.zeroCreate rest) (Array.zeroCreate rest) |]

    let restrict (free: int[]) (theta: float[]) (oracle: Oracle) : Oracle =
        Check.notNull (nameof free) free
        Check.notNull (nameof theta) theta
        Construct.requireLinear (nameof oracle) oracle
        Check.length (nameof theta) theta.Length oracle.Dimension $"the dimension of oracle '{oracle.Name}'"

        if free.Length = 0 then
            invalidArg (nameof free) "free is empty; at least one coordinate must be free."

        free
        |> Array.iteri (fun i coordinate ->
            if coordinate < 0 || coordinate >= oracle.Dimension then
                invalidArg
                    (nameof free)
                    $"free[{i}] is {coordinate}; expected a coordinate from 0 to {oracle.Dimension - 1}."

            if Array.IndexOf(free, coordinate) < i then
                invalidArg (nameof free) $"free[{i}] is {coordinate}, as is free[{Array.IndexOf(free, coordinate)}].")

        let template = Array.copy theta

        for coordinate in free do
            template[coordinate] <- 0.0

        Check.finiteVector (nameof theta) template

        let free = Array.copy free

        Construct.like oracle (fun o -> RestrictedOracle(o.Implementation, free, template)) (fun o ->
            Polytopes.project o.Dimension free o.Polytope)

    let withOffset (offset: float[]) (oracle: Oracle) : Oracle =
        Check.finiteVector (nameof offset) offset
        Construct.requireLinear (nameof oracle) oracle
        Check.length (nameof offset) offset.Length oracle.Dimension $"the dimension of oracle '{oracle.Name}'"

        let offset = Array.copy offset
        Construct.like oracle (fun o -> ShiftedOracle(o.Implementation, offset)) _.Polytope

    let finiteSetWithOffsets (solutions: float[,]) (offsets: float[]) : Oracle =
        Check.finiteMatrix (nameof solutions) solutions
        Check.finiteVector (nameof offsets) offsets
        let n, d = Array2D.length1 solutions, Array2D.length2 solutions
        Check.length (nameof offsets) offsets.Length n "the number of rows of solutions"
        // One coordinate more, held at 1: a generalised maximum is a linear one over the lifted points (y_n, h_n).
        let lifted =
            Array2D.init n (d + 1) (fun i j -> if j < d then solutions[i, j] else offsets[i])

        restrict
            [| 0 .. d - 1 |]
            (Array.init (d + 1) (fun j -> if j < d then 0.0 else 1.0))
            (RankingOracles.finiteSet lifted)
        |> UserOracles.withName "finite-set-with-offsets"

    let minimise (oracle: Oracle) : Oracle =
        Construct.requireLinear (nameof oracle) oracle

        Construct.like oracle (fun inner -> NegatedOracle inner.Implementation) (fun inner ->
            Polytopes.negate inner.Polytope)
