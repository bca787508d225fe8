using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class LearningTests
{
    private static readonly ArtificialRanking Setting = new(rows: 60, features: 3, labels: 4, noise: 0.2);
    private static readonly LabelRankingData Data = Setting.Generate(Key.Create(1));
    private static readonly Smoothed Ranking = Oracle.Ranking(4).Perturb(Noise.Gaussian, 1.0, 5);
    private static readonly Loss Loss = Loss.FenchelYoung(Ranking);
    private static readonly Model Model = Model.Affine(3, 4);

    private static readonly TrainingConfig Settings =
        new(epochs: 4, batchSize: 16, Optimizer.Adam().WithPenalty(1e-3), Schedule.Exponential(0.1, decay: 0.9), Key.Create(2));

    private sealed class Listener<T> : IProgress<T>
    {
        public List<T> Heard { get; } = [];

        public void Report(T value)
        {
            lock (Heard) Heard.Add(value);
        }
    }

    [Fact]
    public void Training_ends_with_the_bits_of_the_core()
    {
        var core = Training.run(
            Training.config(
                4,
                16,
                OptimizerModule.withDecay(WeightDecay.NewPenalty(1e-3), OptimizerModule.adam),
                ScheduleModule.exponential(0.9, 0.1),
                Key.Create(2)),
            ModelModule.affine(3, 4),
            LossModule.fenchelYoung(Perturb.perturb(OracleModule.ranking(4), Functional.Noise.gaussian, 1.0, 5)),
            ArtificialRankingModule.generate(new Functional.ArtificialRanking(60, 3, 4, 0.2), Key.Create(1)).Examples);
        var (parameters, history) = Model.Train(Settings, Loss, Data.Examples);
        Assert.Equal(core.Parameters, parameters);
        Assert.Equal(core.History.Select(r => (r.Epoch, r.Loss, r.GradientNorm, r.LearningRate)),
            history.Select(r => (r.Epoch, r.Loss, r.GradientNorm, r.LearningRate)));
    }

    [Fact]
    public void A_run_cut_in_two_by_a_cancellation_resumes_to_the_same_bits_even_through_a_written_checkpoint()
    {
        using var source = new CancellationTokenSource();
        var cut = Settings with
        {
            Cancellation = source.Token,
            OnEpoch = snapshot =>
            {
                if (snapshot.Record.Epoch == 1) source.Cancel();
                return EpochDecision.Continue;
            },
        };
        var half = Model.Train(cut, Loss, Data.Examples);
        Assert.Equal((Ending.Cancelled, 2), (half.Ending, half.History.Length));
        var s = half.State;
        var read = new TrainingState(
            s.Epoch, s.Step, s.Parameters, new(s.Memory.Steps, s.Memory.First, s.Memory.Second), s.LossSum, s.GradientNormSum, s.Seconds,
                s.RowsWhereSamplesAgree);
        var whole = Model.Train(Settings, Loss, Data.Examples);
        Assert.Equal(whole.Parameters, Model.Resume(read, Settings, Loss, Data.Examples).Parameters);
        Assert.Equal(whole.Parameters, Model.Resume(Model.Start(Settings), Settings, Loss, Data.Examples).Parameters);
    }

    [Fact]
    public void Progress_is_told_and_a_callback_may_stop()
    {
        var listener = new Listener<EpochRecord>();
        var stopped = Settings with
        {
            Progress = listener,
            OnEpoch = snapshot => snapshot.Record.Epoch == 1 ? EpochDecision.Stop : EpochDecision.Continue,
        };
        var result = Model.Train(stopped, Loss, Data.Examples);
        Assert.Equal(Ending.StoppedEarly, result.Ending);
        Assert.Equal(result.History, listener.Heard);
        Assert.Equal([0, 1], listener.Heard.Select(summary => summary.Epoch));
    }

    [Fact]
    public void Early_stopping_keeps_the_best_epoch()
    {
        var metrics = new Queue<double>([1.0, 3.0, 2.0, 2.5]);
        var (best, training) = Model.Train(new EarlyStopping(2, Goal.Maximise, _ => metrics.Dequeue()), Settings with { Epochs = 10 },
            Loss, Data.Examples);
        Assert.Equal((1, 3.0), (best!.Epoch, best.Metric));
        Assert.Equal((Ending.StoppedEarly, 4), (training.Ending, training.History.Length));
        var (none, _) = Model.Train(new EarlyStopping(2, Goal.Maximise, _ => 0), Settings with { Epochs = 0 }, Loss, Data.Examples);
        Assert.Null(none);
    }

    [Fact]
    public void A_diverging_training_says_where()
    {
        var wild = Settings with { Optimizer = Optimizer.Sgd, Schedule = Schedule.Constant(1e300) };
        Assert.Equal(0, Assert.Throws<TrainingDivergedException>(() => Model.Train(wild, Loss.Squared, Data.Examples)).Epoch);
    }

    [Fact]
    public void A_user_s_own_model_and_loss_train_to_the_bits_of_those_they_repeat()
    {
        var model = Model.Create(3, 4, 16, _ => new double[16], inputs => Model.Apply(inputs));
        var loss = Loss.Create(Loss.SmoothedSquared(Ranking).Evaluate);
        var expected = Model.Train(Settings, Loss.SmoothedSquared(Ranking), Data.Examples);
        Assert.Equal(expected.Parameters, model.Train(Settings, loss, Data.Examples).Parameters);
    }

    [Fact]
    public void A_loss_refuses_the_targets_it_is_not_defined_at()
    {
        var loss = Loss.Create(Loss.Squared.Evaluate, (instance, y) => instance == 2 && y[0] > 0 ? "has a first entry above 0" : null);
        var examples = new Examples(new double[3, 2], new double[3, 2] { { 1, 0 }, { 0, 0 }, { 1, 0 } });
        var error = Assert.Throws<ArgumentException>(() => Model.Linear(2, 2).Train(Settings, loss, examples));
        Assert.StartsWith("Row 2 of the targets has a first entry above 0.", error.Message);
        Assert.Equal(error.Message, Assert.Throws<ArgumentException>(() => loss.CheckTargets(examples)).Message);
        loss.CheckTargets(examples.Take([0, 1]));
        var batch = new LossBatch(Key.Create(1), examples.Targets, examples.Targets);
        Assert.Equal(error.Message, Assert.Throws<ArgumentException>(() => loss.Evaluate(batch)).Message);
        Assert.Equal(0.0, loss.EvaluateUnchecked(batch).Value);
    }

    [Fact]
    public void A_scheduled_loss_trains_as_any_other()
    {
        var loss = Loss.Scheduled(Ranking, _ => 1.0, _ => 4, Loss.FenchelYoung);
        var expected = Model.Train(Settings, Loss.FenchelYoung(Ranking.WithEpsilon(1.0).WithSamples(4)), Data.Examples);
        Assert.Equal(expected.Parameters, Model.Train(Settings, loss, Data.Examples).Parameters);
        Assert.Equal(0.0, new LossBatch(Key.Create(1), Data.Examples.Targets, Data.Examples.Targets).Time);
    }

    [Fact]
    public void A_model_may_end_in_a_smoothed_operator()
    {
        var layered = Model.WithNormalInitial(0.5).Then(4, Ranking.DifferentiableBatch());
        var start = layered.Initial(Key.Create(3));
        Assert.Equal(Ranking.Maximizer(Model.Predict(start, Data.Examples.Inputs)), layered.Predict(start, Data.Examples.Inputs));
        Assert.All(Model.WithInitial(_ => start).Initial(default).Zip(start), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void An_optimizer_steps_as_written()
    {
        var (parameters, state) = Optimizer.Momentum(0.5).Step(0.1, [1.0], [2.0], new(1, [4.0], []));
        Assert.Equal(2.0 - 0.1 * (0.5 * 4.0 + 1.0), parameters[0], 12);
        Assert.Equal((2, 3.0), (state.Steps, state.First[0]));
        Assert.Equal(2.0 * 0.99 - 0.1, Optimizer.Sgd.WithDecoupledDecay(0.1).Step(0.1, [1.0], [2.0], new(0, [], [])).Parameters[0], 12);
        Assert.Equal(Optimizer.Sgd, Optimizer.Sgd.WithPenalty(1).WithoutDecay());
        Assert.Equal(0.5, Schedule.Drops(1.0, [2], 0.5)(2.0));
        Assert.Equal(0.5, Schedule.Constant(1.0).WarmUp(4)(2.0));
        Assert.Equal(0.5, Schedule.Cosine(1.0, epochs: 4)(2.0), 12);
    }

    [Fact]
    public void Cross_validation_gives_the_core_s_folds_and_picks_the_best_candidate()
    {
        var listener = new Listener<FoldScore>();
        var settings = new CrossValidationConfig(5, Key.Create(4)) { MaxParallel = 2, Progress = listener };
        var (mean, deviation) = CrossValidation.Run(settings, 60, fold => fold.Index);
        Assert.Equal((2.0, Math.Sqrt(2.5)), (mean, deviation));
        Assert.Equal([0, 1, 2, 3, 4], listener.Heard.Select(score => score.Fold).Order());
        Assert.Equal(
            Functional.CrossValidation.folds(5, 60, Key.Create(4)).SelectMany(f => f.Test),
            CrossValidation.Folds(5, 60, Key.Create(4)).SelectMany(f => f.Test));
        var selection = CrossValidation.Select(settings, Goal.Minimise, [3.0, 1.0, double.NaN], 60, (candidate, _) => candidate);
        Assert.Equal((true, 1.0, 3), (selection.HasBest, selection.Best, selection.Table.Length));
        Assert.False(CrossValidation.Select(settings, Goal.Minimise, [double.NaN], 60, (candidate, _) => candidate).HasBest);
    }

    [Fact]
    public void Standardisation_is_fitted_on_one_part_and_applied_to_both()
    {
        var train = Data.Examples.Take([.. Enumerable.Range(0, 40)]);
        var test = Data.Examples.Take([.. Enumerable.Range(40, 20)]);
        var scaling = Standardisation.Fit(train.Inputs);
        var (scaledTrain, scaledTest) = Standardisation.Pair(train, test);
        Assert.Equal(scaling.Apply(train.Inputs), scaledTrain.Inputs);
        Assert.Equal(new Standardisation(scaling.Mean, scaling.Deviation).Apply(test.Inputs), scaledTest.Inputs);
        Assert.Equal((40, 20), (scaledTrain.Count, scaledTest.Count));
    }

    [Fact]
    public void Label_rankings_are_read_and_a_wrong_line_is_named()
    {
        var data = LabelRankingData.Read("small.csv", new StringReader("x,ranking\n0.5,a>c>b\n1.5,b>a>c\n"));
        Assert.Equal(["a", "b", "c"], data.Labels);
        Assert.Equal(new double[,] { { 3, 1, 2 }, { 2, 3, 1 } }, data.Examples.Targets);
        var error = Assert.Throws<InvalidDataException>(() => LabelRankingData.Read("small.csv",
            new StringReader("x,ranking\nhello,a>b\n")));
        Assert.StartsWith("small.csv:2:", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => LabelRankingData.Load("no such file.csv"));
    }

    [Fact]
    public void Artificial_sets_are_the_core_s()
    {
        var core = ArtificialRankingModule.generateShared(new Functional.ArtificialRanking(60, 3, 4, 0.2), Key.Create(1));
        var (inputs, targets) = Setting.GenerateShared(Key.Create(1)).Examples;
        Assert.Equal(core.Examples.Inputs, inputs);
        Assert.Equal(core.Examples.Targets, targets);
        Assert.Equal((3, 12), (Setting.SharedWeights(default).Length, Setting.Weights(default).Length));
        Assert.Equal(12, Model.Shared(4, 3).InputDimension);
    }

    [Fact]
    public void Metrics_have_the_values_worked_out_by_hand()
    {
        double[] a = [1, 2, 3, 4], b = [1, 3, 2, 4];
        Assert.Equal((0.8, 0.0, 0.5), (Metrics.Spearman(a, b), Metrics.SolutionMatch(a, b), Metrics.SolutionAgreement(a, b)));
        Assert.Equal(4.0 / 6, Metrics.Kendall(a, b), 12);
        Assert.Equal(1.5, Metrics.CostRatio([1, 2], [2, 0], [1, 1]));
        Assert.Equal([1.5, 3, 1.5], Metrics.Ranks([0, 7, 0]));
        Assert.Equal([1.0, 0.8],
            Metrics.Rows(Metrics.Spearman, new double[,] { { 1, 2, 3, 4 }, { 1, 2, 3, 4 } },
                new double[,] { { 1, 2, 3, 4 }, { 1, 3, 2, 4 } }));
        Assert.Equal(Functional.Permutation.create(9, Key.Create(1)),
            Permutation.Inverse(Permutation.Inverse(Permutation.Create(9, Key.Create(1)))));
    }
}
