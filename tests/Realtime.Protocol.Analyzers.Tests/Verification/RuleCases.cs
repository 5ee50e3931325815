using System.Reflection;
using Realtime.Protocol.Analyzers.Walk;
using Xunit.Sdk;
using Xunit.v3;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>What the tests of a rule hand to <see cref="AnalyzerVerifier"/>: one source, and the name of the test that has it.</summary>
internal sealed record RuleCase(Type Rule, string Test, string Markup, Knows Knows, string FileName)
{
    public bool IsFlagged => Marks.Count > 0;

    public bool IsLookAlike => Test.Contains("LookAlike", StringComparison.Ordinal);

    public bool IsGenerated => FileName.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>The marks of the source: ids and underlined texts.</summary>
    public IReadOnlyList<Finding> Marks { get; } = Verification.Markup.Parse(Markup).Expected;

    public string Code => Verification.Markup.Parse(Markup).Code;
}

/// <summary>
/// Every source that the tests in <c>Rules</c> verify, gathered by calling those tests while the verifier only writes down what it is given:
/// what is counted is what is tested.
/// </summary>
internal static class RuleCases
{
    private static readonly AsyncLocal<List<RuleCase>?> Writing = new();
    private static readonly AsyncLocal<string?> Test = new();
    private static readonly Lazy<Task<ILookup<Type, RuleCase>>> Gathered = new(GatherAsync);

    public static Task<ILookup<Type, RuleCase>> ByRule => Gathered.Value;

    /// <summary>True where a test is only read: the verifier has nothing to do then.</summary>
    public static bool IsWrittenDown<TRule>(string markup, Knows knows, string fileName)
        where TRule : Rule
    {
        if (Writing.Value is not { } cases)
        {
            return false;
        }

        cases.Add(new RuleCase(typeof(TRule), Test.Value!, markup, knows, fileName));
        return true;
    }

    private static async Task<ILookup<Type, RuleCase>> GatherAsync()
    {
        var cases = new List<RuleCase>();
        Writing.Value = cases;
        await using var disposal = new DisposalTracker();
        foreach (var type in typeof(RuleCases).Assembly.GetTypes().Where(static type => type is { IsAbstract: false, Namespace: "Realtime.Protocol.Analyzers.Tests.Rules" }))
        {
            foreach (var method in type.GetMethods().Where(static method => method.IsDefined(typeof(FactAttribute))))
            {
                Test.Value = $"{type.Name}.{method.Name}";
                foreach (var arguments in await ArgumentsOf(method, disposal))
                {
                    await (Task)method.Invoke(Activator.CreateInstance(type), arguments)!;
                }
            }
        }

        return cases.ToLookup(static found => found.Rule);
    }

    private static async Task<List<object?[]>> ArgumentsOf(MethodInfo method, DisposalTracker disposal)
    {
        if (!method.IsDefined(typeof(TheoryAttribute)))
        {
            return [[]];
        }

        var rows = new List<object?[]>();
        foreach (var data in method.GetCustomAttributes().OfType<IDataAttribute>())
        {
            rows.AddRange((await data.GetData(method, disposal)).Select(static row => row.GetData()));
        }

        return rows;
    }
}
