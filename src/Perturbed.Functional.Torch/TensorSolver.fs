namespace Perturbed.Functional

open System
open TorchSharp

// The built-in solvers: rows of θ (N × d) to rows of y (N × d).
module internal TensorSolvers =

    // Ones at the given indices of each row.
    let private indicator (like: Tensor) (places: Tensor) : Tensor =
        let ones =
            torch.ones (places.shape, dtype = Nullable like.dtype, device = like.device)

        torch.zeros_like(like).scatter(1L, places, ones)

    let argmax (theta: Tensor) : Tensor =
        indicator theta (theta.argmax (1L, keepdim = true))

    let topK (k: int) (theta: Tensor) : Tensor =
        if theta.shape[1] < int64 k then
            invalidArg (nameof theta) $"theta has dimension {theta.shape[1]}; top {k} needs at least {k}."

        let struct (_, places) = theta.topk (k, 1)
        indicator theta places

    let ranking (theta: Tensor) : Tensor =
        theta.argsort(1L).argsort(1L).to_type theta.dtype |> Scale.plus 1.0

    let sorting (theta: Tensor) : Tensor =
        let struct (sorted, _) = theta.sort 1L
        sorted

namespace Perturbed.Functional.CSharp

open System
open TorchSharp
open Perturbed.Kernels
open Perturbed.Functional

/// <summary>A solver written in tensor operations: rows of θ (N × d) to rows of y (N × k), on the device of θ, for
/// every d that it accepts.</summary>
/// <remarks>
/// It must be a function of θ, with no noise and no state of its own. Ties are broken as libtorch breaks them, which
/// may differ between devices; under noise with a density they have probability 0, up to the precision of the type.
/// </remarks>
[<Sealed>]
type TensorSolver private (name: string, solve: Func<Tensor, Tensor>, isOracle: bool, isOwn: bool) =

    /// The name in messages.
    member _.Name: string = name

    /// Whether y(θ) maximises ⟨y, θ⟩ over a set of solutions, so that F(θ) = ⟨y(θ), θ⟩ and Fenchel-Young losses exist.
    member _.IsOracle: bool = isOracle

    // The answers, checked for their shape; autograd records nothing.
    member internal _.Solve(thetas: Tensor) : Tensor =
        use _ = torch.no_grad ()
        // A user's function may change its argument, or dispose of it.
        let solutions = solve.Invoke(if isOwn then thetas.clone () else thetas)

        if isNull (box solutions) then
            invalidOp $"The solver '{name}' answered null; a tensor of one row for each row of theta is needed."

        let shape = solutions.shape

        if solutions.device_type <> thetas.device_type then
            invalidOp
                $"The solver '{name}' answered on {solutions.device} to theta on {thetas.device}; it must stay there."

        if shape.Length <> 2 || shape[0] <> thetas.shape[0] then
            invalidOp
                $"The solver '{name}' answered the shape {Shapes.text shape} to {Shapes.text thetas.shape}; one row \
                  for each row of theta is needed."

        solutions.detach().to_type thetas.dtype

    /// The one-hot vector of the largest entry of each row: the vertices of the simplex.
    static member Argmax: TensorSolver = TensorSolver("argmax", TensorSolvers.argmax, true, false)

    /// <summary>The indicator of the k largest entries of each row.</summary>
    /// <param name="k">How many, at least 1; a θ of fewer entries is an error when it comes.</param>
    /// <returns>A solver.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">k &lt; 1.</exception>
    static member TopK(k: int) : TensorSolver =
        Arguments.requirePositive (nameof k) k
        TensorSolver($"top {k}", TensorSolvers.topK k, true, false)

    /// The rank of each entry within its row, 1 for the smallest and d for the largest: the permutations of (1..d).
    static member Ranking: TensorSolver =
        TensorSolver("ranking", TensorSolvers.ranking, true, false)

    /// The entries of each row in ascending order. A function of θ and no oracle: its smoothing has derivatives, and
    /// no Fenchel-Young loss.
    static member Sorting: TensorSolver =
        TensorSolver("sorting", TensorSolvers.sorting, false, false)

    /// <summary>The shortest path over the cells of a grid from the top left to the bottom right: θ = −cost of each
    /// cell, row-major, and y marks the cells of the path, both ends included.</summary>
    /// <param name="moves">Right and down, for costs of any sign; 4 or 8 neighbours, where a negative cost counts as 0
    /// in the choice of the path.</param>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; a θ of another dimension than rows · columns is an error
    /// when it comes.</param>
    /// <returns>A solver. Right and down go diagonal by diagonal, rows + columns steps; other moves by about rows ·
    /// columns / 2 sweeps of Bellman and Ford (¾ for 4 neighbours), which any path without shortcuts fits into. Each
    /// is a fixed number of operations, so that no answer of the device is waited for.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">rows or columns &lt; 1, or no member of the
    /// enum.</exception>
    static member GridPath(moves: GridMoves, rows: int, columns: int) : TensorSolver =
        Arguments.requirePositive (nameof rows) rows
        Arguments.requirePositive (nameof columns) columns

        if not (System.Enum.IsDefined moves) then
            raise (
                ArgumentOutOfRangeException(nameof moves, moves, $"moves is {moves}; it must be a member of the enum.")
            )

        let paths = TensorPaths(moves, rows, columns)
        TensorSolver($"{moves} path on a grid of {rows} × {columns}", Func<_, _> paths.Solve, true, false)

    /// <summary>A user's own oracle y(θ) = argmax over y ∈ Y of ⟨y, θ⟩, in tensor operations.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="solve">From thetas (N × d) to solutions (N × k), on the same device; called without autograd's
    /// recording.</param>
    /// <returns>A solver.</returns>
    /// <exception cref="T:System.ArgumentNullException">A null name or function.</exception>
    static member OfOracle(name: string, solve: Func<Tensor, Tensor>) : TensorSolver =
        ArgumentNullException.ThrowIfNull(name, nameof name)
        ArgumentNullException.ThrowIfNull(solve, nameof solve)
        TensorSolver(name, solve, true, true)

    /// <summary>Any function f of θ in tensor operations, to be smoothed: E f(θ + εZ), which has derivatives and no
    /// Fenchel-Young loss.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="f">From thetas (N × d) to values (N × k), on the same device; called without autograd's
    /// recording.</param>
    /// <returns>A solver.</returns>
    /// <exception cref="T:System.ArgumentNullException">A null name or function.</exception>
    static member OfFunction(name: string, f: Func<Tensor, Tensor>) : TensorSolver =
        ArgumentNullException.ThrowIfNull(name, nameof name)
        ArgumentNullException.ThrowIfNull(f, nameof f)
        TensorSolver(name, f, false, true)

    /// Name of the solver.
    override _.ToString() = $"{name} in tensor operations"

namespace Perturbed.Functional

/// <summary>A solver written in tensor operations: rows of θ (N × d) to rows of y (N × k), on the device of θ, for
/// every d that it accepts.</summary>
type TensorSolver = Perturbed.Functional.CSharp.TensorSolver
