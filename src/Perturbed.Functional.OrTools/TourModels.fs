namespace Perturbed.Functional

open System
open Google.OrTools.Sat

/// Tours as CP-SAT models: a circuit through all cities.
module internal TourModels =

    let private requireCities (cities: int) (fewest: int) : unit =
        if cities < fewest || cities > 1000 then
            raise (
                ArgumentOutOfRangeException(
                    nameof cities,
                    cities,
                    $"cities is {cities}; it must be from {fewest} to 1000."
                )
            )

    // Whether arcs, each given by its cities, are one circuit when walked from city 0.
    let private isCircuit (cities: int) (neighbours: ResizeArray<int>[]) : bool =
        let mutable before, city, steps = -1, 0, 0
        let mutable isOpen = true

        while isOpen do
            let next = neighbours[city] |> Seq.tryFind (fun other -> other <> before)

            match next with
            | Some other when steps < cities ->
                before <- city
                city <- other
                steps <- steps + 1
                isOpen <- city <> 0
            | _ -> isOpen <- false

        city = 0 && steps = cities

    let private isZeroOne (y: float[]) : bool =
        y |> Array.forall (fun t -> t = 0.0 || t = 1.0)

    let private edges (cities: int) : (int * int)[] =
        [|
            for i in 0 .. cities - 1 do
                for j in i + 1 .. cities - 1 do
                    i, j
        |]

    let private arcs (cities: int) : (int * int)[] =
        [|
            for i in 0 .. cities - 1 do
                for j in 0 .. cities - 1 do
                    if i <> j then
                        i, j
        |]

    let private isTour (cities: int) (y: float[]) : bool =
        let neighbours = Array.init cities (fun _ -> ResizeArray<int>())

        edges cities
        |> Array.iteri (fun e (i, j) ->
            if y[e] = 1.0 then
                neighbours[i].Add j
                neighbours[j].Add i)

        isZeroOne y
        && neighbours |> Array.forall (fun n -> n.Count = 2)
        && isCircuit cities neighbours

    let private isDirectedTour (cities: int) (y: float[]) : bool =
        let neighbours = Array.init cities (fun _ -> ResizeArray<int>())

        arcs cities
        |> Array.iteri (fun a (i, j) ->
            if y[a] = 1.0 then
                neighbours[i].Add j)

        // A way back and forth between two cities is a circuit here, so no city is refused for being the one before.
        let next = neighbours |> Array.map (fun n -> if n.Count = 1 then n[0] else -1)

        let rec walk (city: int) (steps: int) =
            let other = next[city]

            if other < 0 || steps = cities then false
            elif other = 0 then steps + 1 = cities
            else walk other (steps + 1)

        isZeroOne y && next |> Array.forall (fun n -> n >= 0) && walk 0 0

    let tsp (options: OrToolsOptions) (cities: int) : IOracle =
        requireCities cities 3
        let model = CpModel()
        let circuit = model.AddCircuit()

        // Both directions of an edge together are the edge.
        let taken =
            edges cities
            |> Array.map (fun (i, j) ->
                let edge, there, back =
                    model.NewBoolVar "", model.NewBoolVar "", model.NewBoolVar ""

                circuit.AddArc(i, j, there) |> ignore
                circuit.AddArc(j, i, back) |> ignore
                let both = LinearExpr.Sum [ there; back ] - (edge :> LinearExpr)
                model.Add(BoundedLinearExpression(0L, both, 0L)) |> ignore
                edge :> IntVar)

        CpModelData.create taken model
        |> CpOracles.ofData "tsp (CP-SAT)" (isTour cities) options

    let asymmetricTsp (options: OrToolsOptions) (cities: int) : IOracle =
        requireCities cities 2
        let model = CpModel()
        let circuit = model.AddCircuit()

        let taken =
            arcs cities
            |> Array.map (fun (i, j) ->
                let arc = model.NewBoolVar ""
                circuit.AddArc(i, j, arc) |> ignore
                arc :> IntVar)

        CpModelData.create taken model
        |> CpOracles.ofData "asymmetric tsp (CP-SAT)" (isDirectedTour cities) options
