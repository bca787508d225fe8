using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class NullTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static Type Closed(Type type) =>
        type.IsGenericTypeDefinition ? type.MakeGenericType(Array.ConvertAll(type.GetGenericArguments(), _ => typeof(double[]))) : type;

    private static MethodBase Closed(MethodBase method) => method is MethodInfo { IsGenericMethodDefinition: true } open
        ? open.MakeGenericMethod(Array.ConvertAll(open.GetGenericArguments(), _ => typeof(double[])))
        : method;

    private static bool MustNotBeNull(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && !parameter.IsOut && !parameter.ParameterType.IsByRef
        && Nullability.Create(parameter).WriteState != NullabilityState.Nullable;

    private static string Expected(ParameterInfo parameter) =>
        parameter.Member.Name.StartsWith("set_", StringComparison.Ordinal) ? parameter.Member.Name[4..] : parameter.Name!;

    private static IEnumerable<(MethodBase Method, ParameterInfo Parameter)> Cases() =>
        from type in Facade.Exported
        where !type.IsEnum
        from method in Facade.Written(Closed(type)).Select(Closed)
        where method.IsConstructor || method.IsStatic || Specimens.Has(method.DeclaringType!)
        from parameter in method.GetParameters()
        where MustNotBeNull(parameter)
        select (method, parameter);

    private static string? Flaw(MethodBase method, ParameterInfo parameter)
    {
        var arguments = method.GetParameters()
            .Select(p => p.Position == parameter.Position || p.IsOut ? null : Specimens.Of(p.ParameterType))
            .ToArray();
        try
        {
            if (method is ConstructorInfo constructor) constructor.Invoke(arguments);
            else method.Invoke(method.IsStatic ? null : Specimens.Of(method.DeclaringType!), arguments);
            return $"{Facade.Name(method)}({parameter.Name}): accepts null";
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentNullException inner)
        {
            return inner.ParamName == Expected(parameter) ? null : $"{Facade.Name(method)}({parameter.Name}): names '{inner.ParamName}'";
        }
        catch (TargetInvocationException e)
        {
            return $"{Facade.Name(method)}({parameter.Name}): {e.InnerException!.GetType().Name}: {e.InnerException.Message}";
        }
    }

    [Fact]
    public void Every_parameter_of_a_reference_type_refuses_null_by_name()
    {
        var cases = Cases().ToList();
        Assert.True(cases.Count > 80, $"only {cases.Count} parameters were found");
        Assert.Empty(cases.Select(c => Flaw(c.Method, c.Parameter)).OfType<string>());
    }

    [Fact]
    public void Every_member_that_takes_a_reference_can_be_called_with_legal_arguments_first()
    {
        // The null above must be what fails, so every class whose methods take references needs an instance to call them on.
        var missing = Facade.Exported.Select(Closed)
            .Where(t => !t.IsEnum && !Specimens.Has(t))
            .SelectMany(Facade.Written)
            .Where(m => !m.IsStatic && !m.IsConstructor && m.GetParameters().Any(MustNotBeNull))
            .Select(Facade.Name);
        Assert.Empty(missing);
    }

    [Fact]
    public void A_pullback_refuses_a_null_cotangent()
    {
        var (_, pullback) = Oracle.Argmax(2).Perturb(Noise.Gaussian, 1.0, 10).Pullback([0.0, 1.0]);
        Assert.Equal("cotangent", Assert.Throws<ArgumentNullException>(() => pullback(null!)).ParamName);
    }

    [Fact]
    public void A_null_among_oracles_is_refused_by_the_name_of_the_list() =>
        Assert.Equal("oracles", Assert.Throws<ArgumentNullException>(() => Oracle.PerInstance(Oracle.Argmax(2), null!)).ParamName);
}
