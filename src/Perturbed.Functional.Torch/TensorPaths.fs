namespace Perturbed.Functional

open System
open System.Collections.Concurrent
open System.Numerics
open TorchSharp
open Perturbed.Kernels

/// Shortest paths over the cells of grids in tensor operations, of a number that depends on the grid alone: no answer
/// of the device is waited for.
type internal TensorPaths(moves: GridMoves, rows: int, columns: int) =
    let cells = rows * columns

    // A place outside of the grid, of infinite cost.
    let outside = int64 cells

    let steps =
        [|
            for i in -1 .. 1 do
                for j in -1 .. 1 do
                    if (i, j) <> (0, 0) && (moves = GridMoves.Eight || i = 0 || j = 0) then
                        i, j
        |]

    let cell (i: int) (j: int) : int64 =
        if i < 0 || i >= rows || j < 0 || j >= columns then
            outside
        else
            int64 (i * columns + j)

    // The neighbours of each cell.
    let neighbours () : int64[] =
        [|
            for place in 0 .. cells - 1 do
                for i, j in steps -> cell (place / columns + i) (place % columns + j)
        |]

    // The cells of each diagonal by their rows, and where in it each cell is.
    let diagonals () : int64[] =
        [|
            for diagonal in 0 .. rows + columns - 2 do
                for i in 0 .. rows - 1 -> cell i (diagonal - i)
        |]

    let places () : int64[] =
        [|
            for i in 0 .. rows - 1 do
                for j in 0 .. columns - 1 -> int64 ((i + j) * rows + i)
        |]

    // A path without shortcuts has at most 2 cells (of 4 neighbours 3) in any square of 4.
    let longest =
        match moves with
        | GridMoves.RightDown -> rows + columns - 1
        | GridMoves.Eight -> min cells (2 * ((rows + 1) / 2) * ((columns + 1) / 2))
        | _ -> min cells (3 * ((rows + 1) / 2) * ((columns + 1) / 2))

    // Tables of indices on each device, so that a step moves none.
    let tables = ConcurrentDictionary<string * string, Tensor>()

    let table (name: string) (make: unit -> int64[]) (device: torch.Device) : Tensor =
        tables.GetOrAdd(
            (name, device.ToString()),
            fun _ -> torch.tensor(make (), device = device).DetachFromDisposeScope()
        )

    let infinite (like: Tensor) (shape: int64[]) (sign: float) : Tensor =
        use value = (sign * infinity).ToScalar()
        torch.full (shape, value, dtype = Nullable like.dtype, device = like.device)

    // The first cell is its own predecessor.
    let startsAtFirst (previous: Tensor) : Tensor =
        torch.cat (
            [| torch.zeros_like (previous.narrow (1L, 0L, 1L)); previous.narrow (1L, 1L, int64 cells - 1L) |],
            1L
        )

    // The cells that lead to the last one, where each has its predecessor (N × cells): marks go along 1, 2, 4, …
    // predecessors.
    let marked (like: Tensor) (previous: Tensor) : Tensor =
        use one = (1.0).ToScalar()
        let mutable marks = torch.zeros_like like
        (marks.narrow (1L, int64 cells - 1L, 1L)).fill_ one |> ignore
        let mutable jump = startsAtFirst previous

        for _ in 1 .. 32 - BitOperations.LeadingZeroCount(uint32 (max 1 (longest - 1))) do
            marks <- (marks + torch.zeros_like(like).scatter_add(1L, jump, marks)).clamp_max one
            jump <- jump.gather (1L, jump)

        marks

    // Best values, diagonal by diagonal.
    let rightDown (theta: Tensor) : Tensor =
        let n = theta.shape[0]

        let sheared =
            torch
                .cat([| theta; infinite theta [| n; 1L |] -1.0 |], 1L)
                .index_select(1L, table "diagonals" diagonals theta.device)
                .reshape(n, int64 (rows + columns - 1), int64 rows)

        let none = infinite theta [| n; 1L |] -1.0
        let mutable best = sheared.select (1L, 0L)

        let fromAbove =
            [|
                torch.zeros_like (best, dtype = Nullable torch.ScalarType.Bool)
                for diagonal in 1 .. rows + columns - 2 do
                    let above = torch.cat ([| none; best.narrow (1L, 0L, int64 rows - 1L) |], 1L)
                    let isAbove = above.gt best
                    best <- sheared.select (1L, int64 diagonal) + torch.maximum (above, best)
                    isAbove
            |]

        let isAbove =
            torch.stack(fromAbove, 1L).reshape(n, -1L).index_select(1L, table "places" places theta.device)

        let self = torch.arange (int64 cells, device = theta.device)
        use width = (int64 columns).ToScalar()
        use left = 1L.ToScalar()
        torch.where (isAbove, self.sub width, self.sub left) |> marked theta

    // Bellman-Ford: as many sweeps as the longest path has moves. `since` is the sweep that a cell has its cost from;
    // a predecessor of the same cost has it from an earlier one, which rules out cycles of cost 0.
    let anyWay (theta: Tensor) : Tensor =
        let n = theta.shape[0]
        use zero = (0.0).ToScalar()
        let costs = (theta.neg().clamp_min zero).reshape(n, 1L, int64 rows, int64 columns)
        let mutable distance = infinite theta costs.shape 1.0
        let first (t: Tensor) = t.narrow(2L, 0L, 1L).narrow(3L, 0L, 1L)
        (first distance).copy_(first costs) |> ignore
        let mutable since = torch.zeros_like costs

        let pool (height: int64) (width: int64) (values: Tensor) : Tensor =
            torch.nn.functional.max_pool2d (values, [| height; width |], [| 1L; 1L |], [| height / 2L; width / 2L |])

        for sweep in 1 .. longest - 1 do
            use _ = torch.NewDisposeScope()
            let near = distance.neg ()

            let nearest =
                if moves = GridMoves.Eight then
                    pool 3L 3L near
                else
                    torch.maximum (pool 3L 1L near, pool 1L 3L near)

            let next = costs - nearest
            let isNearer = next.lt distance
            use number = (float sweep).ToScalar()
            let later = torch.full_like (since, number)

            let kept =
                torch.where (isNearer, later, since), torch.where (isNearer, next, distance)
            // The last sweep's numbers are not to wait for the end of all.
            since.Dispose()
            distance.Dispose()
            since <- (fst kept).MoveToOuterDisposeScope()
            distance <- (snd kept).MoveToOuterDisposeScope()

        let around = table "neighbours" neighbours theta.device
        let count = int64 steps.Length

        let beside (values: Tensor) : Tensor =
            torch
                .cat([| values.reshape (n, -1L); infinite theta [| n; 1L |] 1.0 |], 1L)
                .index_select(1L, around)
                .reshape(n, int64 cells, count)

        let distances = beside distance

        let earliest =
            torch
                .where(
                    distances.eq (distances.amin ([| -1L |], keepdim = true)),
                    beside since,
                    infinite theta [| 1L |] 1.0
                )
                .argmin
                -1L

        use width = count.ToScalar()
        let index = torch.arange(int64 cells, device = theta.device).mul(width) + earliest

        around.index_select(0L, index.reshape -1L).reshape(n, int64 cells)
        |> marked theta

    member _.Solve(theta: Tensor) : Tensor =
        if theta.shape[1] <> int64 cells then
            invalidArg
                (nameof theta)
                $"theta has dimension {theta.shape[1]}; a grid of {rows} × {columns} cells needs {cells}."

        if theta.shape[0] = 0L then torch.zeros_like theta
        elif moves = GridMoves.RightDown then rightDown theta
        else anyWay theta
