module Perturbed.Kernels.Tests.NoiseTests

let private placeholder = ()
