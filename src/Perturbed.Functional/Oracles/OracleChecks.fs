namespace Perturbed.Functional

open System.Threading

/// Checks of an oracle's contract, on given directions and on random ones.
module internal OracleChecks =

    let checkOnWith (cancellation: CancellationToken) (thetas: float[,]) (oracle: Oracle) : OracleReport =
        Check.finiteMatrix (nameof thetas) thetas
        Check.positiveInt "thetas.GetLength(0)" (Array2D.length1 thetas)

        Check.length
            (nameof thetas)
            (Array2D.length2 thetas)
            oracle.Dimension
            $"the dimension of oracle '{oracle.Name}'"

        ContractCheck.run cancellation oracle.Implementation (Rows.flatten thetas) (Array2D.length1 thetas)

    let checkWith (cancellation: CancellationToken) (key: Key) (directions: int) (oracle: Oracle) : OracleReport =
        Check.positiveInt (nameof directions) directions
        let thetas = CheckDirections.draw key directions oracle.Dimension
        ContractCheck.run cancellation oracle.Implementation thetas directions

    let check (key: Key) (directions: int) (oracle: Oracle) : OracleReport =
        checkWith CancellationToken.None key directions oracle

    let checkOrThrow (key: Key) (directions: int) (oracle: Oracle) : Oracle =
        let report = check key directions oracle

        if not report.Passed then
            raise (OracleException(oracle.Name, report.Verdict))

        oracle
