namespace Perturbed.Functional

open System.Threading.Tasks
open Perturbed.Kernels

/// Expectations by exact forms, without samples.
[<Sealed>]
type internal ExactExpectations(s: Settings) =
    inherit Expectations()

    let formOf = lazy (Exact.require s)
    let zeros (values: float[]) : float[] = Array.zeroCreate values.Length

    // One answer for each row, rows side by side.
    let rowByRow (batch: ThetaBatch) (answer: ExactForm -> int -> float[] -> 'T) : 'T[] =
        let formOf = formOf.Force()
        let answers: 'T[] = Array.zeroCreate batch.Rows
        let progress = PassProgress.create s (int64 batch.Rows) 0

        let row (r: int) : unit =
            answers[r] <- answer (formOf r) r (batch.Row(r).ToArray())
            progress |> PassProgress.add 1

        if batch.Rows > 1 && s.Threads > 1 then
            let options =
                ParallelOptions(MaxDegreeOfParallelism = s.Threads, CancellationToken = s.Cancellation)

            Parallel.For(0, batch.Rows, options, row) |> ignore
        else
            for r in 0 .. batch.Rows - 1 do
                s.Cancellation.ThrowIfCancellationRequested()
                row r

        answers

    let certain (withErrors: bool) (values: float[]) : Uncertain<float[]> =
        {
            Value = values
            StandardErrors = if withErrors then zeros values else [||]
            LeftOut = 0
        }

    let maximizer (batch: ThetaBatch) : float[] =
        rowByRow batch (fun form _ theta -> form.Maximizer theta) |> Array.concat

    let maximum (batch: ThetaBatch) : float[] =
        Existence.requireMaximum s
        rowByRow batch (fun form _ theta -> form.Maximum theta)

    // The symmetric Jacobian times one vector a row.
    let products (batch: ThetaBatch) (vectors: float[]) : float[] =
        let d = batch.Width

        rowByRow batch (fun form r theta -> form.Products(theta, [| Array.sub vectors (r * d) d |])[0])
        |> Array.concat

    let jacobian (batch: ThetaBatch) : float[] =
        let d = batch.Width

        let basis =
            Array.init d (fun j -> Array.init d (fun i -> if i = j then 1.0 else 0.0))

        rowByRow batch (fun form _ theta -> form.Products(theta, basis) |> Array.concat)
        |> Array.concat

    override _.Draws = ValueNone
    override _.Check() = formOf.Force() |> ignore
    override _.Maximizer batch = maximizer batch
    override _.Maximum batch = maximum batch
    override _.SolutionMoments batch = maximizer batch |> certain true
    override _.Gradient batch = maximizer batch

    override _.Estimate batch =
        let remark = Existence.maximumFault s

        rowByRow batch (fun form _ theta ->
            let y = form.Maximizer theta

            {
                Maximum = if remark.IsNone then form.Maximum theta else nan
                MaximumStandardError = if remark.IsNone then 0.0 else nan
                Maximizer = y
                MaximizerStandardErrors = zeros y
                Remark = remark
                SamplesAgree = false
                LeftOut = 0
            })

    override _.ValueAndGradient batch =
        {
            Values = certain true (maximum batch)
            Gradients = maximizer batch
            SamplesAgree = Array.zeroCreate batch.Rows
            Counts = SampleCounts.All s.Samples
        }

    override _.Jacobian(batch, _, withErrors) = jacobian batch |> certain withErrors

    override _.VectorJacobian(batch, cotangents, withErrors) =
        products batch cotangents |> certain withErrors

    override _.JacobianVector(batch, tangents, withErrors) =
        products batch tangents |> certain withErrors

    override _.HessianVector(batch, vectors, _, withErrors) =
        products batch vectors |> certain withErrors

    override _.MaximizerOfMaximum(batch, withErrors) = maximizer batch |> certain withErrors

    override _.Pullback batch =
        {
            Value = maximizer batch
            SamplesAgree = Array.zeroCreate batch.Rows
            Back = products batch
        }

    override _.Covariance(batch, _) = jacobian batch

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal ExactExpectations =

    let create (s: Settings) : Expectations = ExactExpectations s
