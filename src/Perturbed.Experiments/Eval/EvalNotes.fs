namespace Perturbed.Experiments

/// What the help of `eval` says after its options.
[<RequireQualifiedAccess>]
module EvalNotes =

    let private described (entries: (string * string) list) : string =
        entries
        |> List.map (fun (form, meaning) -> $"    {form, -28} {meaning}")
        |> String.concat "\n"

    /// Oracles, noises, what the answer holds, examples.
    let text: string =
        let oracles =
            OracleSyntax.forms |> List.map (fun f -> f.Form, f.Meaning) |> described

        let noises = NoiseSyntax.forms |> List.map (fun f -> f.Form, f.Meaning) |> described

        $"""ORACLES (y* = argmax of <y, theta> over solutions y):

{oracles}

NOISES:

{noises}

ANSWER: the perturbed maximum F_eps = E max <y, theta + eps Z>, the perturbed maximizer y*_eps = E y*(theta + eps Z),
    their standard errors over the M samples, and the Jacobian of y*_eps. With --json one object with theta, solution,
    maximum, maximumStandardError, maximizer, maximizerStandardErrors, jacobian and jacobianStandardErrors (arrays of
    rows; null where left out), fenchelYoung and distribution where asked for, and with --standard-error samplesTaken
    and isReached. Several rows of theta: one object with the settings and an array rows of such answers; row r draws
    row r of the key's stream. Numbers have full precision; JSON has no NaN, so null stands for it: the maximum where
    it is infinite and standard errors that are (remark says why), standard errors of one sample or of one point set.
    samplesAgree is there where all samples have one solution, so that epsilon is too small for derivatives; leftOut
    where samples were left out (--leave-out).

EXAMPLES:

    {Command.invocation} eval --oracle ranking --epsilon 0.5 --samples 1e5 --key 1 --theta 2,-1,0.3,4.1,0.9 --json
    {Command.invocation} eval --oracle top-k:2 --noise gumbel --theta 1,2,3 --distribution 3
    {Command.invocation} eval --oracle argmax --noise gumbel --theta 1,2,3 --target 0,0,1
    {Command.invocation} eval --oracle ranking --theta 1,2,3 --standard-error 0.01 --budget 1e6
    {Command.invocation} eval --oracle top-k:2 --samples 4096 --sampling sobol:8 --theta 1,2,3,2.5
    {Command.invocation} eval --oracle assignment:2 --theta 1,0.5,0,1 --target 1,0,0,1
    {Command.invocation} eval --oracle forest:complete/4/2 --theta 5,1,2,3,0,4 --distribution 3
    {Command.invocation} eval --oracle ranking --theta 2,-1,0.3,4.1,0.9 --report ranking.html
    {Command.invocation} eval --oracle grid:12x12 --theta-file costs.npy --negative-costs clamp --no-jacobian"""
