using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>The public surface of the facade, as the tests of its rules see it.</summary>
internal static class Facade
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static Assembly Assembly { get; } = typeof(Oracle).Assembly;

    /// <summary>The assemblies in F#: the core, and learning.</summary>
    public static Assembly[] Core { get; } = [typeof(Functional.Oracle).Assembly, typeof(Functional.Loss).Assembly];

    /// <summary>Charts, of which the facade has a member for each picture, with fewer settings than the records of F#.</summary>
    public static Assembly Charts { get; } = typeof(Functional.Charts.Chart).Assembly;

    public static Assembly Kernels { get; } = typeof(INoise).Assembly;

    /// <summary>What it shares with F#: the types of other assemblies in its namespace.</summary>
    public static IEnumerable<Type> Shared =>
        Core.Append(Kernels).SelectMany(a => a.GetExportedTypes()).Where(t => t.Namespace == Assembly.GetName().Name);

    /// <summary>What C# opens.</summary>
    public static IEnumerable<Type> Types => Exported.Where(t => t.Namespace == Assembly.GetName().Name);

    /// <summary>Those, and what leads from them to the core, in a namespace of its own.</summary>
    public static IEnumerable<Type> Exported => Assembly.GetExportedTypes();

    public static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared);

    /// <summary>Constructors, methods and accessors, less what the compiler wrote for records.</summary>
    public static IEnumerable<MethodBase> Written(Type type) =>
        Members(type).OfType<MethodBase>().Where(m => !(m.IsDefined(typeof(CompilerGeneratedAttribute)) && !m.IsSpecialName)
            && !m.Name.StartsWith("op_", StringComparison.Ordinal) && !type.IsEnum);

    public static string Name(MemberInfo member) => $"{member.DeclaringType?.Name}.{member.Name}";
}
