module Perturbed.Kernels.Tests.ReferenceRandom

let private placeholder = ()
