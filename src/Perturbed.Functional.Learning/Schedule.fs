namespace Perturbed.Functional

open System

/// <summary>
/// The learning rate as a function of time, which is counted in epochs from 0 and has a fraction inside an epoch:
/// before the step s of n of epoch e it is e + s/n. So one type serves rates that change by the epoch and by the step.
/// Each is defined at every time: one that is made for fewer epochs than a training has holds its last rate, and a
/// training whose rate would be 0 before its end is refused.
/// </summary>
type Schedule = float -> float

/// Learning-rate schedules.
[<RequireQualifiedAccess>]
module Schedule =

    /// <summary>The same rate at all times.</summary>
    /// <param name="rate">The rate, positive.</param>
    /// <returns>η(t) = rate.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="rate"/> is not positive and
    /// finite.</exception>
    let constant (rate: float) : Schedule =
        Check.positive (nameof rate) rate
        fun _ -> rate

    /// <summary>The rate multiplied by a factor at each of the given epochs: η(t) = rate · factor^#{e : e ≤
    /// t}.</summary>
    /// <param name="epochs">Numbers of completed epochs, at least 0: 30 acts after 30 epochs, from the one with number
    /// 30 on.</param>
    /// <param name="factor">What the rate is multiplied by, positive, usually below 1.</param>
    /// <param name="rate">The rate before the first drop, positive.</param>
    /// <returns>A step function.</returns>
    /// <exception cref="T:System.ArgumentException">An epoch is negative, or factor or rate is not positive and
    /// finite.</exception>
    let drops (epochs: int seq) (factor: float) (rate: float) : Schedule =
        Check.notNull (nameof epochs) epochs
        Check.positive (nameof factor) factor
        Check.positive (nameof rate) rate
        let epochs = Seq.toArray epochs

        epochs
        |> Array.iteri (fun i e ->
            if e < 0 then
                invalidArg (nameof epochs) $"epochs[{i}] is {e}; it must be at least 0.")

        fun t ->
            let passed = epochs |> Array.sumBy (fun e -> if float e <= t then 1 else 0)
            rate * Math.Pow(factor, float passed)

    /// <summary>Exponential decay, η(t) = rate · decay^t.</summary>
    /// <param name="decay">The factor of one epoch, positive, usually just below 1.</param>
    /// <param name="rate">The rate at time 0, positive.</param>
    /// <returns>A smooth schedule that changes at each step.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    let exponential (decay: float) (rate: float) : Schedule =
        Check.positive (nameof decay) decay
        Check.positive (nameof rate) rate
        fun t -> rate * Math.Pow(decay, t)

    /// <summary>
    /// Cosine annealing (Loshchilov and Hutter, ICLR 2017): η(t) = last + ½(rate − last)(1 + cos(π t/epochs)), and
    /// last from then on.
    /// </summary>
    /// <param name="epochs">How many epochs the descent takes, at least 1.</param>
    /// <param name="last">The rate at the end, at least 0 and finite.</param>
    /// <param name="rate">The rate at time 0, positive.</param>
    /// <returns>A smooth schedule that changes at each step.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    /// <example><code>
    /// let rate = Schedule.cosine 10 0.0 0.1
    /// rate 0.0, rate 5.0, rate 10.0 // (0.1, 0.05, 0.0)
    /// </code></example>
    let cosine (epochs: int) (last: float) (rate: float) : Schedule =
        Check.positiveInt (nameof epochs) epochs
        Check.positive (nameof rate) rate
        Check.notNegative (nameof last) last

        fun t ->
            let part = Math.Min(t / float epochs, 1.0)
            last + 0.5 * (rate - last) * (1.0 + cos (Math.PI * part))

    /// <summary>A linear warm-up: η(t) · t/epochs before <paramref name="epochs"/>, η(t) after; the first step has
    /// rate 0 at t = 0.</summary>
    /// <param name="epochs">How long, in epochs, positive; a fraction of an epoch is allowed.</param>
    /// <param name="schedule">The schedule to warm up to.</param>
    /// <returns>A schedule that rises linearly from 0 and then follows <paramref name="schedule"/>.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="epochs"/> is not positive and
    /// finite.</exception>
    let warmUp (epochs: float) (schedule: Schedule) : Schedule =
        Check.positive (nameof epochs) epochs
        fun t -> schedule t * Math.Min(t / epochs, 1.0)
