// What every script starts with: `#load "references.fsx"`. It takes the Release build: `dotnet build -c Release`.
// In a project of your own a reference to the packages takes its place.
#I "../src/Perturbed.Functional.Learning/bin/Release/net10.0"
#r "System.Numerics.Tensors.dll"
#r "MathNet.Numerics.dll"
#r "Perturbed.Kernels.dll"
#r "Perturbed.Functional.dll"
#r "Perturbed.Functional.Learning.dll"
#I "../src/Perturbed.Functional.Charts/bin/Release/net10.0"
#r "Perturbed.Functional.Charts.dll"
