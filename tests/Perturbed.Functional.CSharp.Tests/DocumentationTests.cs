using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class DocumentationTests
{
    private static readonly Dictionary<string, XElement> Entries =
        XDocument.Load(Path.ChangeExtension(Facade.Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(e => (string)e.Attribute("name")!);

    // The identifier of ECMA-334, annex D.
    private static string TypeId(Type type)
    {
        if (type.IsByRef) return TypeId(type.GetElementType()!) + "@";
        if (type.IsArray)
        {
            var rank = type.GetArrayRank();
            return TypeId(type.GetElementType()!) + (rank == 1 ? "[]" : $"[{string.Join(',', Enumerable.Repeat("0:", rank))}]");
        }
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType) return type.FullName!.Replace('+', '.');
        var name = type.GetGenericTypeDefinition().FullName!;
        return $"{name[..name.IndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(TypeId))}}}";
    }

    private static string MethodId(MethodBase method)
    {
        var name = method is ConstructorInfo ? "#ctor" : method.Name + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "");
        var parameters = method.GetParameters();
        var list = parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => TypeId(p.ParameterType)))})";
        return $"M:{method.DeclaringType!.FullName}.{name}{list}";
    }

    private static IEnumerable<string> Flaws(string id, IEnumerable<string> parameters, IEnumerable<string> typeParameters, bool returns)
    {
        if (!Entries.TryGetValue(id, out var entry)) return [$"{id}: undocumented"];
        bool Says(XElement? e) => e is not null && e.Value.Trim().Length + e.Descendants("see").Count() >= 2;
        bool Has(string tag, string name) => Says(entry.Elements(tag).SingleOrDefault(e => (string?)e.Attribute("name") == name));
        return new[] { Says(entry.Element("summary")) ? null : "summary", returns && !Says(entry.Element("returns")) ? "returns" : null }
            .Concat(parameters.Where(p => !Has("param", p)))
            .Concat(typeParameters.Where(p => !Has("typeparam", p)))
            .Where(flaw => flaw is not null)
            .Select(flaw => $"{id}: {flaw}");
    }

    private static IEnumerable<string> Names(Type[] arguments) => arguments.Where(a => a.IsGenericParameter).Select(a => a.Name);

    [Fact]
    public void Every_type_has_a_summary() =>
        Assert.Empty(Facade.Types.SelectMany(t => Flaws($"T:{t.FullName}", [], Names(t.GetGenericArguments()), false)));

    [Fact]
    public void Every_property_and_enum_member_has_a_summary()
    {
        var properties = Facade.Types.SelectMany(Facade.Members).OfType<PropertyInfo>().Select(p => $"P:{p.DeclaringType!.FullName}.{p.Name}");
        var fields = Facade.Types.Where(t => t.IsEnum).SelectMany(t => Enum.GetNames(t).Select(n => $"F:{t.FullName}.{n}"));
        Assert.Empty(properties.Concat(fields).SelectMany(id => Flaws(id, [], [], false)));
    }

    [Fact]
    public void Every_method_and_constructor_has_a_summary_each_parameter_and_what_it_returns()
    {
        var methods = Facade.Types.SelectMany(Facade.Written).Where(m => m is ConstructorInfo || !m.IsSpecialName);
        Assert.Empty(methods.SelectMany(m => Flaws(
            MethodId(m),
            m.GetParameters().Select(p => p.Name!),
            m.IsGenericMethod ? Names(m.GetGenericArguments()) : [],
            m is MethodInfo method && method.ReturnType != typeof(void))));
    }
}
