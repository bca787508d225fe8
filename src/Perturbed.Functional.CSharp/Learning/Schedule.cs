using System;
using System.Collections.Generic;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// Learning-rate schedules: the rate as a function of time, which is counted in epochs from 0 and has a fraction
/// inside an epoch: before the step s of n of epoch e it is e + s/n. Any function of that time is a schedule.
/// One that is made for fewer epochs than a training has holds its last rate, and a training whose rate would be 0
/// before its end is refused.
/// </summary>
public static class Schedule
{
    /// <summary>The same rate at all times.</summary>
    /// <param name="rate">The rate, positive.</param>
    /// <returns>η(t) = rate.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not positive and finite.</exception>
    public static Func<double, double> Constant(double rate) => ScheduleModule.constant(rate).Invoke;

    /// <summary>The rate multiplied by a factor at each of the given epochs: η(t) = rate · factor^#{e : e ≤
    /// t}.</summary>
    /// <param name="rate">The rate before the first drop, positive.</param>
    /// <param name="epochs">Numbers of completed epochs, at least 0: 30 acts after 30 epochs, from the one with number
    /// 30 on.</param>
    /// <param name="factor">What the rate is multiplied by, positive, usually below 1.</param>
    /// <returns>A step function.</returns>
    /// <exception cref="ArgumentException">An epoch is negative, or factor or rate is not positive and
    /// finite.</exception>
    public static Func<double, double> Drops(double rate, IEnumerable<int> epochs, double factor) =>
        ScheduleModule.drops(epochs, factor, rate).Invoke;

    /// <summary>Exponential decay, η(t) = rate · decay^t.</summary>
    /// <param name="rate">The rate at time 0, positive.</param>
    /// <param name="decay">The factor of one epoch, positive, usually just below 1.</param>
    /// <returns>A smooth schedule that changes at each step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public static Func<double, double> Exponential(double rate, double decay) => ScheduleModule.exponential(decay, rate).Invoke;

    /// <summary>Cosine annealing (Loshchilov and Hutter, ICLR 2017): η(t) = last + ½(rate − last)(1 + cos(π
    /// t/epochs)), and last from then on.</summary>
    /// <param name="rate">The rate at time 0, positive.</param>
    /// <param name="epochs">How many epochs the descent takes, at least 1.</param>
    /// <param name="last">The rate at the end, at least 0 and finite.</param>
    /// <returns>A smooth schedule that changes at each step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Func<double, double> Cosine(double rate, int epochs, double last = 0.0) =>
        ScheduleModule.cosine(epochs, last, rate).Invoke;

    /// <summary>A linear warm-up: η(t) · t/epochs before <paramref name="epochs"/>, η(t) after; the first step has
    /// rate 0 at t = 0.</summary>
    /// <param name="schedule">The schedule to warm up to.</param>
    /// <param name="epochs">How long, in epochs, positive; a fraction of an epoch is allowed.</param>
    /// <returns>A schedule that rises linearly from 0 and then follows <paramref name="schedule"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="epochs"/> is not positive and finite, or the schedule is
    /// null.</exception>
    public static Func<double, double> WarmUp(this Func<double, double> schedule, double epochs) =>
        ScheduleModule.warmUp(epochs, Crossing.Function(schedule)).Invoke;
}
