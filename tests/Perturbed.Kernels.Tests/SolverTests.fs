module Perturbed.Kernels.Tests.SolverTests

let private placeholder = ()
