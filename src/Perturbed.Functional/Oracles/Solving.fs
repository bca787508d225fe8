namespace Perturbed.Functional

open System
open System.Threading

/// Unperturbed solutions.
module internal Solving =

    let solve (theta: float[]) (oracle: Oracle) : float[] =
        Check.notNull (nameof theta) theta
        Check.length (nameof theta) theta.Length oracle.Dimension $"the dimension of oracle '{oracle.Name}'"
        Check.theta (nameof theta) -1L (ReadOnlySpan theta)

        let struct (solutions, _) =
            Unperturbed.solve oracle CancellationToken.None RowNumbers.FromZero theta 1

        solutions

    // A checked batch whose rows are the instances of the given numbers.
    let private solveRows
        (cancellation: CancellationToken)
        (numbers: RowNumbers)
        (thetas: float[,])
        (oracle: Oracle)
        : float[,] =
        Check.finiteMatrix (nameof thetas) thetas
        let rows = Array2D.length1 thetas

        if rows > 0 then
            Check.length
                (nameof thetas)
                (Array2D.length2 thetas)
                oracle.Dimension
                $"the dimension of oracle '{oracle.Name}'"

        numbers.Check(oracle, nameof thetas, rows)

        let struct (solutions, _) =
            Unperturbed.solve oracle cancellation numbers (Rows.flatten thetas) rows

        Rows.shape rows oracle.SolutionDimension solutions

    let solveBatchWith (cancellation: CancellationToken) (thetas: float[,]) (oracle: Oracle) : float[,] =
        solveRows cancellation RowNumbers.FromZero thetas oracle

    let solveInstancesWith (cancellation: CancellationToken) (instances: int[]) (thetas: float[,]) (oracle: Oracle) =
        solveRows cancellation (RowNumbers.Of(0L, instances, oracle)) thetas oracle
