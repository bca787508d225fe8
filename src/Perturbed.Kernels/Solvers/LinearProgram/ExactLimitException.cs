using System;

namespace Perturbed.Kernels;

/// <summary>Exact arithmetic would take too long; the message says for what, without a full stop.</summary>
internal sealed class ExactLimitException(string message) : Exception(message);
