module Perturbed.Functional.Tests.Learning.ScheduleTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

[<Tests>]
let tests =
    testList "Learning.Schedule" [
        testCase "drops at 30 and 40 by a tenth give 1, 0.1 and 0.01 from the epochs with these numbers on" (fun () ->
            let schedule = Schedule.drops [ 40; 30 ] 0.1 0.5
            Assert.Equal(0.5, schedule 0.0)
            Assert.Equal(0.5, schedule 29.99)
            Assert.True(near 0.05 (schedule 30.0))
            Assert.True(near 0.05 (schedule 39.5))
            Assert.True(near 0.005 (schedule 40.0)))

        testCase "constant, exponential and cosine follow their formulas" (fun () ->
            Assert.Equal(0.25, Schedule.constant 0.25 17.5)
            Assert.True(near (0.5 * 0.9 * 0.9 * 0.9) (Schedule.exponential 0.9 0.5 3.0))
            let cosine = Schedule.cosine 10 0.1 0.5
            Assert.True(near 0.5 (cosine 0.0))
            Assert.True(near 0.3 (cosine 5.0))
            Assert.True(near (0.1 + 0.2 * (1.0 + sqrt 0.5)) (cosine 2.5))
            Assert.True(near 0.1 (cosine 10.0))
            Assert.True(near 0.1 (cosine 25.0)))

        testCase "a warm-up rises linearly and then leaves its schedule alone" (fun () ->
            let schedule = Schedule.exponential 0.5 1.0 |> Schedule.warmUp 2.0
            Assert.Equal(0.0, schedule 0.0)
            Assert.True(near (0.5 * 0.5) (schedule 1.0))
            Assert.Equal(Schedule.exponential 0.5 1.0 2.0, schedule 2.0)
            Assert.Equal(Schedule.exponential 0.5 1.0 7.25, schedule 7.25))

        testCase "bad numbers are named with what was expected" (fun () ->
            raises<ArgumentException> "rate is 0; it must be positive and finite." (fun () ->
                Schedule.constant 0.0 |> ignore)

            raises<ArgumentException> "epochs[1] is -1; it must be at least 0." (fun () ->
                Schedule.drops [ 3; -1 ] 0.1 1.0 |> ignore)

            raises<ArgumentException> "factor is NaN; it must be positive and finite." (fun () ->
                Schedule.drops [ 3 ] nan 1.0 |> ignore)

            raises<ArgumentException> "decay is -1; it must be positive and finite." (fun () ->
                Schedule.exponential -1.0 1.0 |> ignore)

            raises<ArgumentException> "epochs is 0; it must be at least 1." (fun () ->
                Schedule.cosine 0 0.0 1.0 |> ignore)

            raises<ArgumentException> "last is -1; it must be at least 0 and finite." (fun () ->
                Schedule.cosine 3 -1.0 1.0 |> ignore)

            raises<ArgumentException> "epochs is 0; it must be positive and finite." (fun () ->
                Schedule.constant 1.0 |> Schedule.warmUp 0.0 |> ignore))
    ]
