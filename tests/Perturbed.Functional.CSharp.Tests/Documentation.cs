using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>The documentation files that the compilers wrote.</summary>
internal static class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    /// <summary>The elements of an assembly's file by the identifiers of their members.</summary>
    public static Dictionary<string, XElement> Of(Assembly assembly) =>
        Files.GetOrAdd(assembly, static a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(e => (string)e.Attribute("name")!));

    /// <summary>The words of a summary, each cross-reference as the last part of its name.</summary>
    public static string Summary(XElement member)
    {
        var summary = new XElement(member.Element("summary") ?? new XElement("summary"));
        foreach (var see in summary.Descendants("see").Concat(summary.Descendants("paramref")).ToList())
            see.ReplaceWith(((string?)see.Attribute("cref") ?? (string?)see.Attribute("name") ?? "").Split('(')[0].Split(':', '.')[^1]);
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The identifier of a method or constructor, as in ECMA-334, annex D.</summary>
    public static string Id(MethodBase method)
    {
        var name = method is ConstructorInfo ? "#ctor"
            : method.Name + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "");
        var parameters = method.GetParameters();
        var list = parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => Id(p.ParameterType)))})";
        return $"M:{method.DeclaringType!.FullName}.{name}{list}";
    }

    private static string Id(Type type)
    {
        if (type.IsByRef) return Id(type.GetElementType()!) + "@";
        if (type.IsArray)
        {
            var rank = type.GetArrayRank();
            return Id(type.GetElementType()!) + (rank == 1 ? "[]" : $"[{string.Join(',', Enumerable.Repeat("0:", rank))}]");
        }
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType) return type.FullName!.Replace('+', '.');
        var name = type.GetGenericTypeDefinition().FullName!;
        return $"{name[..name.IndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(Id))}}}";
    }
}
