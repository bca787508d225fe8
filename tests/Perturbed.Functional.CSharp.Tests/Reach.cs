using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>What the members of the facade call.</summary>
internal static class Reach
{
    /// <summary>Every method that the IL of a method calls or takes the address of.</summary>
    public static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < il.Length; i++)
        {
            var isCall = il[i] is 0x28 or 0x6F || (i > 0 && il[i - 1] == 0xFE && il[i] == 0x06);
            if (isCall && Resolve(method, BitConverter.ToInt32(il, i + 1)) is { } callee) yield return callee;
        }
    }

    /// <summary>The functions of the core's modules that a method calls, and the properties of its types that it
    /// reads.</summary>
    public static IEnumerable<MethodBase> Core(MethodBase method) =>
        Calls(method)
            .Where(m => m.IsPublic && Facade.Core.Append(Facade.Charts).Contains(m.DeclaringType?.Assembly))
            .Where(m => m.IsSpecialName || m.DeclaringType is { IsAbstract: true, IsSealed: true });

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        var table = (uint)token >> 24;
        if (table is not (0x06 or 0x0A or 0x2B)) return null;
        try
        {
            return method.Module.ResolveMember(
                token,
                method.DeclaringType!.GetGenericArguments(),
                method.IsGenericMethod ? method.GetGenericArguments() : null) as MethodBase;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
