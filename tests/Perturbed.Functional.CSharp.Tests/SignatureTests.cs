using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class SignatureTests
{
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        if (type.IsGenericParameter) return type.GetGenericParameterConstraints().SelectMany(Parts);
        return type.GetGenericArguments().SelectMany(Parts).Append(type);
    }

    private static IEnumerable<Type> Signature(MemberInfo member) => member switch
    {
        MethodInfo m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType).Concat(m.GetGenericArguments()),
        ConstructorInfo c => c.GetParameters().Select(p => p.ParameterType),
        PropertyInfo p => [p.PropertyType],
        FieldInfo f => [f.FieldType],
        EventInfo e => [e.EventHandlerType!],
        _ => [],
    };

    // Tuples with names of their own are System.ValueTuple; System.Tuple is how F# sees a tuple.
    private static bool IsForeign(Type type) =>
        !(type.Namespace == Facade.Assembly.GetName().Name || type.Namespace == "System"
            || type.Namespace!.StartsWith("System.", StringComparison.Ordinal))
        || (type.IsGenericType && type.Name.StartsWith("Tuple`", StringComparison.Ordinal));

    [Fact]
    public void Every_type_in_a_signature_is_in_the_namespace_of_the_facade_or_in_System()
    {
        var types = Facade.Types.Concat(Facade.Shared).ToList();
        var inherited = types.SelectMany(t => t.GetInterfaces().Append(t.BaseType ?? typeof(object)).Select(b => (Where: t.Name, Type: b)));
        var declared = types.SelectMany(Facade.Members).SelectMany(m => Signature(m).Select(t => (Where: Facade.Name(m), Type: t)));
        var found = inherited.Concat(declared).Where(s => Parts(s.Type).Any(IsForeign)).Select(s => $"{s.Where}: {s.Type}");
        Assert.Empty(found);
    }

    [Fact]
    public void One_class_in_a_namespace_of_its_own_leads_to_the_core() =>
        Assert.Equal([typeof(Interop.CoreValues)], Facade.Exported.Except(Facade.Types));

    [Fact]
    public void Every_exception_that_is_documented_is_in_the_namespace_of_the_facade_or_in_System()
    {
        var exceptions = new[] { Facade.Assembly, Facade.Kernels }
            .SelectMany(a => Documentation.Of(a).Values)
            .Elements("exception")
            .Select(e => (string)e.Attribute("cref")!)
            .ToHashSet();
        Assert.True(exceptions.Count > 5);
        var own = exceptions.Where(e => !e.StartsWith("T:System.", StringComparison.Ordinal));
        Assert.Empty(own.Except(Facade.Shared.Select(t => $"T:{t.FullName}")));
    }

    [Fact]
    public void Every_type_that_is_shared_has_its_name_and_summary_in_F_sharp_too()
    {
        Assert.True(Facade.Shared.Count() >= 19);
        Assert.All(Facade.Shared, shared =>
        {
            var here = Documentation.Of(shared.Assembly)[$"T:{shared.FullName}"];
            var abbreviations = Facade.Core.SelectMany(Documentation.Of).Where(e => e.Key == $"T:Perturbed.Functional.{shared.Name}");
            Assert.Equal(Documentation.Summary(here), Documentation.Summary(Assert.Single(abbreviations).Value));
        });
    }

    [Fact]
    public void Types_and_members_are_in_Pascal_case_and_parameters_in_camel_case()
    {
        var types = Facade.Types.Where(t => !char.IsUpper(t.Name[0]) || t.Name.Contains('_')).Select(t => t.Name);
        var members = Facade.Types.SelectMany(Facade.Members)
            .Where(m => m is not MethodBase { IsSpecialName: true } && m.Name is not ("<Clone>$" or "value__"))
            .Where(m => !char.IsUpper(m.Name[0]) || m.Name.Contains('_'))
            .Select(Facade.Name);
        var parameters = Facade.Types.SelectMany(Facade.Written)
            .SelectMany(m => m.GetParameters().Select(p => (Member: m, p.Name)))
            .Where(p => p.Name is null || !char.IsLower(p.Name[0]) || p.Name.Contains('_'))
            .Select(p => $"{Facade.Name(p.Member)}: {p.Name}");
        Assert.Empty(types.Concat(members).Concat(parameters));
    }

    [Fact]
    public void Types_have_the_names_of_the_core_but_for_the_kinds_of_unions_and_a_tuple_of_the_core()
    {
        var core = Facade.Core.Append(Facade.Charts).SelectMany(a => a.GetExportedTypes()).Select(t => t.Name).ToHashSet();
        var others = Facade.Types.Where(t => !core.Contains(t.Name) && !core.Contains(t.Name + "Module")).Select(t => t.Name.Split('`')[0]);
        Assert.Equal(["MembershipKind", "PolytopeKind", "ValidationSelection"], others.Except(["Differentiable"]).Order());
    }

    [Fact]
    public void No_two_types_of_the_core_and_the_kernels_share_a_name()
    {
        var kernels = Facade.Kernels.GetExportedTypes().Select(t => t.FullName).ToHashSet();
        Assert.DoesNotContain(Facade.Core.SelectMany(a => a.GetExportedTypes()), t => kernels.Contains(t.FullName));
    }

    [Fact]
    public void Every_class_is_sealed_or_static_and_no_field_is_public()
    {
        Assert.All(Facade.Types, t => Assert.True(t.IsSealed, t.Name));
        Assert.Empty(Facade.Types.Where(t => !t.IsEnum).SelectMany(Facade.Members).OfType<FieldInfo>());
    }
}
