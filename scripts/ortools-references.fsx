// What scripts with OR-Tools start with: `#load "ortools-references.fsx"`, after the Release build.
// In a project of your own a reference to the package Perturbed.Functional.OrTools takes its place.
#load "references.fsx"
#I "../src/Perturbed.Functional.OrTools/bin/Release/net10.0"
#r "Google.Protobuf.dll"
#r "Google.OrTools.dll"
#r "Perturbed.Functional.CSharp.dll"
#r "Perturbed.Functional.OrTools.dll"
