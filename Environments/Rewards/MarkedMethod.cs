using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Rewards;

internal delegate ValueTask<double> ScoreMethod(TaskData task, Trace trace, CancellationToken cancellationToken);

internal delegate bool StopMethod(TaskData task, Trace trace, CancellationToken cancellationToken);

/// <summary>A method of a task set that carries a mark, compiled to a delegate bound to the instance.</summary>
internal sealed record MarkedMethod<TMark, TDelegate>(string Name, TMark Mark, TDelegate Invoke)
    where TMark : Attribute
    where TDelegate : Delegate
{
    private static readonly Type[] Parameters = [typeof(TaskData), typeof(Trace), typeof(CancellationToken)];

    private static readonly Type[] Results = typeof(TDelegate) == typeof(StopMethod)
        ? [typeof(bool)]
        : [typeof(double), typeof(Task<double>), typeof(ValueTask<double>)];

    /// <summary>The methods with this mark, own and inherited, in the order in which they run.</summary>
    public static IReadOnlyList<MarkedMethod<TMark, TDelegate>> Of(Taskset taskset, Func<TMark, int> priority) =>
    [
        .. Methods(taskset.GetType())
            .Select(method => (Method: method, Mark: method.GetCustomAttribute<TMark>(inherit: true)))
            .Where(marked => marked.Mark is not null)
            .Select(marked => new MarkedMethod<TMark, TDelegate>(NameOf(marked.Method), marked.Mark!, Compile(taskset, marked.Method)))
            .OrderByDescending(marked => priority(marked.Mark))
            .ThenBy(marked => marked.Name, StringComparer.Ordinal),
    ];

    // Type by type, so that a private method of a base class is found too (and refused); of an overridden method only the last one.
    private static IEnumerable<MethodInfo> Methods(Type type)
    {
        const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var methods = Enumerable.Empty<MethodInfo>();
        for (var t = type; t != typeof(Taskset) && t is not null; t = t.BaseType)
        {
            methods = methods.Concat(t.GetMethods(Declared));
        }

        return methods.DistinctBy(method => method.GetBaseDefinition());
    }

    private static string NameOf(MethodInfo method)
    {
        var name = method.Name;
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name.EndsWith("Async", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name);
    }

    private static TDelegate Compile(Taskset taskset, MethodInfo method)
    {
        var types = method.GetParameters().Select(p => p.ParameterType).ToList();
        var fits = method is { IsPublic: true, IsGenericMethod: false } && Results.Contains(method.ReturnType);
        if (!fits || types.Except(Parameters).Any() || types.Distinct().Count() < types.Count)
        {
            var mark = typeof(TMark).Name.Replace("Attribute", "", StringComparison.Ordinal);
            throw new TasksetException(
                $"{method.DeclaringType!.Name}.{method.Name} cannot be a [{mark}]: it is `{(method.IsPublic ? "public" : "not public,")} {method}`. "
                + $"Such a method is public, not generic, returns {Or(Results)}, and takes any of {Or(Parameters)}, each at most once.");
        }

        var given = Parameters.Select(Expression.Parameter).ToArray();
        var instance = method.IsStatic ? null : Expression.Constant(taskset);
        Expression call = Expression.Call(instance, method, types.Select(type => given[Array.IndexOf(Parameters, type)]));
        var result = typeof(TDelegate).GetMethod("Invoke")!.ReturnType;
        if (call.Type != result)
        {
            // ValueTask<double> has a constructor for each of the two other results.
            call = Expression.New(result.GetConstructor([call.Type])!, call);
        }

        return Expression.Lambda<TDelegate>(call, given).Compile();
    }

    private static string Or(Type[] types) => string.Join(" or ", types.Select(CSharpName));

    private static string CSharpName(Type type) =>
        type == typeof(double) ? "double"
        : type == typeof(bool) ? "bool"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{CSharpName(type.GetGenericArguments()[0])}>"
        : type.Name;
}
