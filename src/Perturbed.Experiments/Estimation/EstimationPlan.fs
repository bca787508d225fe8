namespace Perturbed.Experiments

open System
open System.Threading
open Perturbed.Functional

/// The plan of the estimation experiment: a piece for each model, n and block of repetitions.
[<RequireQualifiedAccess>]
module EstimationPlan =

    // Repetitions of a piece.
    let private block = 50

    /// The level of the confidence intervals.
    let level = 0.95

    // Far below the standard error of a mean solution, and above what M samples can resolve or, for closed forms,
    // differences of F_ε can show.
    let private tolerance (operator: Smoothed) (n: int) : float =
        if operator.IsExact then 1e-6 else 0.02 / sqrt (float n)

    /// What one repetition found.
    type private Repetition =
        {
            SquaredErrors: float[]
            Variances: float[]
            IsCovered: bool[]
        }

    let private repeat (case: EstimationCase) (n: int) (key: Key) : Repetition option =
        let observations =
            case.Model
            |> Smoothed.withSamples n
            |> Smoothed.withKey (Key.fold 0 key)
            |> Smoothed.samples case.Theta

        let operator = case.Fitted n |> Smoothed.withThreads 1

        // The noise of the fit must not be shared between repetitions, or their errors would be dependent.
        let operator =
            if operator.IsExact then
                operator
            else
                operator |> Smoothed.withKey (Key.fold 1 key)

        try
            let fit = operator |> Estimation.fit (tolerance operator n) observations
            let intervals = Estimation.confidenceIntervals level fit

            Some
                {
                    SquaredErrors = Array.map2 (fun a b -> (a - b) * (a - b)) fit.Theta case.Theta
                    Variances = fit.StandardErrors |> Array.map (fun e -> e * e)
                    IsCovered = Array.map2 (fun (low, high) t -> low <= t && t <= high) intervals case.Theta
                }
        // A mean solution on the boundary, where no θ matches it, or a tolerance that was not reached: counted, and
        // reported.
        with :? ArgumentException ->
            None

    let private run
        (case: EstimationCase)
        (n: int)
        (repetitions: int)
        (key: Key)
        (context: PieceContext)
        : PieceResult =
        let found =
            Array.init repetitions (fun r ->
                context.Cancellation.ThrowIfCancellationRequested()
                context.Report (float r / float repetitions) $"{r} of {repetitions}"
                repeat case n (Key.fold r key))
            |> Array.choose id

        let sums (value: Repetition -> float[]) =
            let d = case.Theta.Length
            Json.numbers (Array.init d (fun i -> found |> Array.sumBy (fun repetition -> (value repetition)[i])))

        PieceResult.ofMetrics
            [
                "repetitions", Json.Integer(int64 found.Length)
                "withoutFit", Json.Integer(int64 (repetitions - found.Length))
                "covered", sums (fun r -> r.IsCovered |> Array.map (fun hit -> if hit then 1.0 else 0.0))
                "squaredErrors", sums _.SquaredErrors
                "variances", sums _.Variances
            ]

    /// <summary>The beginning of the names of the pieces of a model and an n.</summary>
    /// <param name="case">The model's name.</param>
    /// <param name="n">The number of solutions.</param>
    /// <returns>A name without its block.</returns>
    let cell (case: string) (n: int) : string = $"{case}/n {n}/"

    let private settingsOf (repetitions: int) (cases: EstimationCase list) : Json =
        Json.Object
            [
                "repetitions", Json.Integer(int64 repetitions)
                "level", Json.Number level
                "epsilon", Json.Number 1.0
                "cases",
                cases
                |> Seq.map (fun case ->
                    Json.Object
                        [
                            "name", Json.Text case.Name
                            "theta", Json.numbers case.Theta
                            "sizes",
                            case.Sizes
                            |> Seq.map (int64 >> Json.Integer)
                            |> Seq.toArray
                            |> (fun sizes -> Json.Array sizes)
                        ])
                |> Seq.toArray
                |> fun rows -> Json.Array rows
            ]

    let private estimate (cases: EstimationCase list) (cancellation: CancellationToken) (pieces: Piece[]) : float =
        let secondsOf (case: EstimationCase) (n: int) =
            Timing.processorSeconds 5 (fun () ->
                cancellation.ThrowIfCancellationRequested()
                repeat case n (Key.create 0UL) |> ignore)

        seq {
            for case in cases do
                for n in case.Sizes do
                    let count =
                        pieces
                        |> Array.filter _.Name.StartsWith(cell case.Name n, StringComparison.Ordinal)
                        |> Array.length

                    if count > 0 then
                        float (count * block) * secondsOf case n
        }
        |> Seq.sum

    /// <summary>The plan.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <returns>Settings and pieces.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Data are given; this experiment draws its
    /// own.</exception>
    let create (request: ExperimentRequest) : Plan =
        if request.Data.IsSome then
            Input.fail "--data is given; estimation draws its data."

        let cases = EstimationCases.create request.IsQuick
        let repetitions = if request.IsQuick then 200 else 1000
        let root = Key.create request.Key

        {
            Settings = settingsOf repetitions cases
            Pieces =
                [|
                    for c, case in List.indexed cases do
                        for n in case.Sizes do
                            for b in 0 .. repetitions / block - 1 do
                                let key = root |> Key.fold c |> Key.fold n |> Key.fold b

                                {
                                    Name = $"{cell case.Name n}block {b}"
                                    Settings = Json.Object [ "case", Json.Text case.Name; "n", Json.Integer(int64 n) ]
                                    Weight =
                                        if (case.Fitted n).IsExact then
                                            1.0 + float n / 2000.0
                                        else
                                            20.0
                                    Run = run case n block key
                                }
                |]
            Estimate = estimate cases
        }
