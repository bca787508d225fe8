namespace Perturbed.Experiments

open Argu

/// The options of `eval`.
type EvalArguments =
    | [<Mandatory; Unique; EqualsAssignmentOrSpaced>] Oracle of SPEC: string
    | [<Unique; EqualsAssignmentOrSpaced>] Noise of SPEC: string
    | [<Unique; EqualsAssignmentOrSpaced>] Epsilon of NUMBERS: string
    | [<Unique; EqualsAssignmentOrSpaced>] Samples of M: string
    | [<Unique; EqualsAssignmentOrSpaced>] Standard_Error of NUMBER: string
    | [<Unique; EqualsAssignmentOrSpaced>] Budget of M: string
    | [<Unique; EqualsAssignmentOrSpaced>] Key of NUMBER: string
    | [<EqualsAssignmentOrSpaced>] Theta of NUMBERS: string
    | [<Unique; EqualsAssignmentOrSpaced>] Theta_File of FILE: string
    | [<Unique; EqualsAssignmentOrSpaced>] Perturbation of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Variance_Reduction of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Sampling of DESIGN: string
    | [<Unique; EqualsAssignmentOrSpaced>] Formula of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Negative_Costs of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Leave_Out of SHARE: string
    | [<Unique; EqualsAssignmentOrSpaced>] Target of NUMBERS: string
    | [<Unique; EqualsAssignmentOrSpaced>] Distribution of N: string
    | [<Unique>] Jacobian
    | [<Unique>] No_Jacobian
    | [<Unique; EqualsAssignmentOrSpaced>] Threads of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Report of FILE: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage: string =
            match this with
            | Oracle _ -> "the solver that is perturbed; see ORACLES below."
            | Noise _ -> "the law of Z; see NOISES below. Default gaussian."
            | Epsilon _ -> "the noise scale, above 0: one number, or one for each coordinate as 0.5,1,2. Default 1."
            | Samples _ -> "the number of samples, as 1000 or 1e6. Default 10000."
            | Standard_Error _ ->
                "as many samples as it takes, from --samples on, for F_eps and every coordinate of y*_eps to have this standard error."
            | Budget _ -> "the most samples that --standard-error may take. Default 1e8."
            | Key _ -> "the key of the noise: the same key gives the same bits. Default 0."
            | Theta _ -> "theta, as 2,-1,0.3. May be repeated: one row each."
            | Theta_File _ ->
                "rows of theta: an .npy file of one or two axes, or a text, one row a line, commas or blanks \
                  between; # starts a comment line; - is standard input."
            | Perturbation _ ->
                "additive: theta + epsilon Z. multiplicative: theta exp(epsilon Z - epsilon^2/2), which keeps signs. Default additive."
            | Variance_Reduction _ ->
                "what is subtracted in the Jacobian. none; baseline: the unperturbed solution; leave-one-out: the \
                  mean of the other samples. Default leave-one-out."
            | Sampling _ ->
                "how the samples depend on each other. independent; antithetic: pairs z, -z; orthogonal, \
                  antithetic-orthogonal: directions of Gaussian noise; latin-hypercube:R, sobol:R: R independent \
                  point sets (standard errors need R >= 2). Default independent."
            | Formula _ ->
                "how the Jacobian is estimated (Proposition 3.1). maximizer: from solutions; maximum: from optimal \
                  values. Default maximizer."
            | Negative_Costs _ ->
                "what is done about a negative cost, theta > 0, which noise can make of any. reject: it is an error. \
                  clamp: it counts as 0 in the choice of the solution. allow: it counts as it is, and a cycle of \
                  negative cost is an error. To be chosen for grid, grid4, minimum-cut (reject, clamp), grid-moves \
                  and grid-moves4 (all three); for shortest-path with cycles the default is allow. It acts on no \
                  other oracle."
            | Leave_Out _ ->
                "the largest share of samples without a solution, from 0 to 1, that is left out, so that answers are \
                  conditional on success. By default one such sample is an error."
            | Target _ ->
                "y: prints the Fenchel-Young loss of each theta at y, its gradient, and whether it is the true loss."
            | Distribution _ -> "prints the N most frequent solutions with their counts."
            | Jacobian -> "computes the Jacobian also where it has more than 65536 entries."
            | No_Jacobian -> "leaves the Jacobian out."
            | Threads _ -> "the most threads at work. It changes the time, never the bits. Default: all processors."
            | Report _ ->
                "also writes a page of one file, FILE.html: values with errors, distribution, Jacobian, sweeps of \
                  epsilon and M, and the command to repeat it."
            | Json -> "prints one JSON object instead of tables."
