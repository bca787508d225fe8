module Perturbed.Kernels.Tests.ReferenceSolvers

let private placeholder = ()
