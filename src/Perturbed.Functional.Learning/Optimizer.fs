namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// The rule by which a gradient g_t becomes a step; η is the learning rate.
[<RequireQualifiedAccess>]
type OptimizerRule =
    /// w ← w − η g.
    | Sgd
    /// Heavy ball: v ← momentum·v + g, w ← w − η v.
    | Momentum of momentum: float
    /// Nesterov's momentum as Sutskever et al. (ICML 2013) write it: v ← momentum·v + g, w ← w − η (g + momentum·v).
    | Nesterov of momentum: float
    /// Adam (Kingma and Ba, ICLR 2015, algorithm 1): w ← w − η m̂/(√v̂ + epsilon), with bias-corrected moments m̂ and
    /// v̂.
    | Adam of beta1: float * beta2: float * epsilon: float

/// How weights decay.
[<RequireQualifiedAccess>]
type WeightDecay =
    /// No decay.
    | None
    /// The penalty ½ λ ‖w‖² in the loss: g ← g + λ w before the rule.
    | Penalty of lambda: float
    /// Decoupled from the rule (Loshchilov and Hutter, ICLR 2019; AdamW): w ← (1 − η λ) w in addition to the rule's
    /// step.
    | Decoupled of lambda: float

/// A rule of descent with its weight decay: a plain value without state.
type Optimizer =
    {
        /// The rule of the step.
        Rule: OptimizerRule
        /// The weight decay.
        Decay: WeightDecay
    }

/// The state of an optimizer between steps: a value, replaced by each step and never changed.
type OptimizerState =
    {
        /// Steps taken.
        Steps: int
        /// The velocity of momentum, or Adam's first moment m; empty where the rule has none.
        First: float[]
        /// Adam's second moment v; empty where the rule has none.
        Second: float[]
    }

/// Optimizers, their initial state, and the pure step.
[<RequireQualifiedAccess>]
module Optimizer =

    let private share (name: string) (value: float) : unit =
        if not (value >= 0.0 && value < 1.0) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must lie in [0, 1)."))

    let private ofRule (rule: OptimizerRule) : Optimizer =
        {
            Rule = rule
            Decay = WeightDecay.None
        }

    /// <summary>Stochastic gradient descent, w ← w − η g.</summary>
    let sgd: Optimizer = ofRule OptimizerRule.Sgd

    /// <summary>Heavy-ball momentum: v ← momentum·v + g, w ← w − η v.</summary>
    /// <param name="momentum">In [0, 1), usually 0.9.</param>
    /// <returns>An optimizer.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0,
    /// 1).</exception>
    let momentum (momentum: float) : Optimizer =
        share (nameof momentum) momentum
        ofRule (OptimizerRule.Momentum momentum)

    /// <summary>Nesterov's momentum (Sutskever et al., ICML 2013): v ← momentum·v + g, w ← w − η (g +
    /// momentum·v).</summary>
    /// <param name="momentum">In [0, 1), usually 0.9.</param>
    /// <returns>An optimizer.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0,
    /// 1).</exception>
    let nesterov (momentum: float) : Optimizer =
        share (nameof momentum) momentum
        ofRule (OptimizerRule.Nesterov momentum)

    /// <summary>Adam (Kingma and Ba, ICLR 2015, algorithm 1): w ← w − η m̂/(√v̂ + epsilon), with bias-corrected
    /// moments m̂ and v̂.</summary>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, positive.</param>
    /// <returns>An optimizer.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A constant is out of its range.</exception>
    let adamWith (beta1: float) (beta2: float) (epsilon: float) : Optimizer =
        share (nameof beta1) beta1
        share (nameof beta2) beta2
        Check.positive (nameof epsilon) epsilon
        ofRule (OptimizerRule.Adam(beta1, beta2, epsilon))

    /// <summary>Adam with the constants of its paper: β₁ = 0.9, β₂ = 0.999, ε = 1e-8.</summary>
    let adam: Optimizer = adamWith 0.9 0.999 1e-8

    /// <summary>The optimizer with another weight decay.</summary>
    /// <param name="decay">The decay; its λ is at least 0 and finite.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>An optimizer with the same rule.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    let withDecay (decay: WeightDecay) (optimizer: Optimizer) : Optimizer =
        match decay with
        | WeightDecay.None -> ()
        | WeightDecay.Penalty lambda
        | WeightDecay.Decoupled lambda -> Check.notNegative (nameof lambda) lambda

        { optimizer with Decay = decay }

    /// <summary>The state before the first step.</summary>
    /// <param name="parameterCount">Length of the parameter vector, at least 0.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>Zero moments, no steps taken.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="parameterCount"/> is
    /// negative.</exception>
    let initialise (parameterCount: int) (optimizer: Optimizer) : OptimizerState =
        ArgumentOutOfRangeException.ThrowIfNegative(parameterCount, nameof parameterCount)

        let first, second =
            match optimizer.Rule with
            | OptimizerRule.Sgd -> 0, 0
            | OptimizerRule.Momentum _
            | OptimizerRule.Nesterov _ -> parameterCount, 0
            | OptimizerRule.Adam _ -> parameterCount, parameterCount

        {
            Steps = 0
            First = Array.zeroCreate first
            Second = Array.zeroCreate second
        }

    // The state with arrays of its own.
    let internal copy (state: OptimizerState) : OptimizerState =
        { state with
            First = Array.copy state.First
            Second = Array.copy state.Second
        }

    // As step, but Adam writes into the arrays it is given: a training owns its own, and new ones would cost as much as
    // the step.
    let internal stepInPlace
        (optimizer: Optimizer)
        (learningRate: float)
        (gradient: float[])
        (parameters: float[])
        (state: OptimizerState)
        : float[] * OptimizerState =
        Check.notNull (nameof gradient) gradient
        Check.notNull (nameof parameters) parameters
        Check.length (nameof gradient) gradient.Length parameters.Length "the length of parameters"
        Check.notNegative (nameof learningRate) learningRate

        let steps = state.Steps + 1

        let gradient =
            match optimizer.Decay with
            | WeightDecay.Penalty lambda -> Array.map2 (fun g w -> g + lambda * w) gradient parameters
            | WeightDecay.None
            | WeightDecay.Decoupled _ -> gradient

        let kept =
            match optimizer.Decay with
            | WeightDecay.Decoupled lambda -> 1.0 - learningRate * lambda
            | WeightDecay.None
            | WeightDecay.Penalty _ -> 1.0

        let sized (name: string) (moment: float[]) =
            Check.length name moment.Length parameters.Length "the length of parameters"

        let moved direction =
            Array.map2 (fun w d -> kept * w - learningRate * d) parameters direction

        match optimizer.Rule with
        | OptimizerRule.Sgd -> moved gradient, { state with Steps = steps }
        | OptimizerRule.Momentum momentum ->
            sized "state.First" state.First
            let velocity = Array.map2 (fun v g -> momentum * v + g) state.First gradient

            moved velocity,
            { state with
                Steps = steps
                First = velocity
            }
        | OptimizerRule.Nesterov momentum ->
            sized "state.First" state.First
            let velocity = Array.map2 (fun v g -> momentum * v + g) state.First gradient
            let ahead = Array.map2 (fun v g -> g + momentum * v) velocity gradient

            moved ahead,
            { state with
                Steps = steps
                First = velocity
            }
        | OptimizerRule.Adam(beta1, beta2, epsilon) ->
            sized "state.First" state.First
            sized "state.Second" state.Second

            AdamStep.Take(
                gradient,
                parameters,
                state.First,
                state.Second,
                beta1,
                beta2,
                epsilon,
                1.0 - Math.Pow(beta1, float steps),
                1.0 - Math.Pow(beta2, float steps),
                kept,
                learningRate
            )

            parameters, { state with Steps = steps }

    /// <summary>One step: new parameters and state, the given ones unchanged.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="learningRate">η, at least 0 and finite.</param>
    /// <param name="gradient">g, the gradient of the loss at the parameters.</param>
    /// <param name="parameters">w, of the gradient's length.</param>
    /// <param name="state">From <c>initialise</c> or the step before, for the same rule and length.</param>
    /// <returns>w and state after the step; O(length), at most three new arrays.</returns>
    /// <exception cref="T:System.ArgumentException">Lengths disagree, or the learning rate is negative or not
    /// finite.</exception>
    let step
        (optimizer: Optimizer)
        (learningRate: float)
        (gradient: float[])
        (parameters: float[])
        (state: OptimizerState)
        : float[] * OptimizerState =
        Check.notNull (nameof parameters) parameters

        state
        |> copy
        |> stepInPlace optimizer learningRate gradient (Array.copy parameters)
