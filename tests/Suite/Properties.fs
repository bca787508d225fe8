/// Laws held to random cases that the seed of the run decides.
[<AutoOpen>]
module Perturbed.Suite.Properties

open Expecto
open FsCheck

// The second half of a seed is odd; with it fixed, one number repeats a run.
let private gamma = 0x9E3779B97F4A7C15UL

/// A law held to a number of random cases.
let property (cases: int) (name: string) (law: unit -> 'law) : Test =
    let law = lazy (law ())

    testPropertyWithConfig
        { FsCheckConfig.defaultConfig with
            maxTest = cases
            replay = Some(Program.seed, gamma, None)
        }
        name
        (fun () -> law.Value)

/// Holds a law to a number of random cases inside a test.
let check (cases: int) (law: 'law) : unit =
    let replay =
        {
            Rnd = Rnd(Program.seed, gamma)
            Size = None
        }

    let config =
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(Some replay).WithQuietOnSuccess true

    Check.One(config, law)

/// A test that nothing runs beside: it measures the process, or changes what other tests see.
let sequencedCase (name: string) (test: unit -> unit) : Test = testCase name test |> testSequenced
