using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Progress of the core, told to a listener in the facade's terms.</summary>
internal sealed class RelayedProgress<TCore, TView>(IProgress<TView> listener, Func<TCore, TView> view) : IProgress<TCore>
{
    public void Report(TCore value) => listener.Report(view(value));
}
