using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class DocumentationTests
{
    private static IEnumerable<string> Flaws(string id, IEnumerable<string> parameters, IEnumerable<string> typeParameters, bool returns)
    {
        if (!Documentation.Of(Facade.Assembly).TryGetValue(id, out var entry)) return [$"{id}: undocumented"];
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
        Assert.Empty(Facade.Exported.SelectMany(t => Flaws($"T:{t.FullName}", [], Names(t.GetGenericArguments()), false)));

    [Fact]
    public void Every_property_and_enum_member_has_a_summary()
    {
        var properties = Facade.Exported.SelectMany(Facade.Members).OfType<PropertyInfo>()
            .Select(p => $"P:{p.DeclaringType!.FullName}.{p.Name}");
        var fields = Facade.Exported.Where(t => t.IsEnum).SelectMany(t => Enum.GetNames(t).Select(n => $"F:{t.FullName}.{n}"));
        Assert.Empty(properties.Concat(fields).SelectMany(id => Flaws(id, [], [], false)));
    }

    [Fact]
    public void Every_method_and_constructor_has_a_summary_each_parameter_and_what_it_returns()
    {
        var methods = Facade.Exported.SelectMany(Facade.Written).Where(m => m is ConstructorInfo || !m.IsSpecialName);
        Assert.Empty(methods.SelectMany(m => Flaws(
            Documentation.Id(m),
            m.GetParameters().Select(p => p.Name!),
            m.IsGenericMethod ? Names(m.GetGenericArguments()) : [],
            m is MethodInfo method && method.ReturnType != typeof(void))));
    }
}
