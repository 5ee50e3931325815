using System.Reflection;
using Realtime.Protocol.Events;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Repository.Tests.Layers;

/// <summary>Which way the arrows point, read from what was compiled.</summary>
public class ArrowTests
{
    private const string Core = "Realtime.Protocol";
    private const string Transport = "Realtime.Protocol.Transport";
    private const string Hosting = "Realtime.Protocol.Hosting";
    private const string Bridge = "Realtime.Protocol.AI";
    private const string PostgreSql = "Realtime.Protocol.Journal.PostgreSql";
    private const string Redis = "Realtime.Protocol.Journal.Redis";
    private const string Gateway = "Realtime.Protocol.Gateway";
    private const string Testing = "Realtime.Protocol.Testing";
    private const string Tool = "realtime";

    /// <summary>What asks the world a question, or waits for it. A name that ends in a dot is a namespace.</summary>
    private static readonly string[] Impure =
    [
        "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.CancellationToken", "System.Threading.SemaphoreSlim", "System.TimeProvider",
        "System.DateTime", "System.DateTimeOffset", "System.Diagnostics.Stopwatch", "System.Random", "System.Security.Cryptography.", "System.Net.", "System.IO.", "System.Console", "Microsoft.AspNetCore.", "Microsoft.Extensions.",
    ];

    /// <summary>The row may mention the columns and nothing else of ours.</summary>
    private static readonly (string Assembly, string[] Below)[] Arrows =
    [
        (Core, []),
        (Transport, [Core]),
        (Hosting, [Core, Transport]),
        (Bridge, [Core, Transport]),
        (PostgreSql, [Core, Transport]),
        (Redis, [Core, Transport]),
        (Gateway, [Core, Transport, Hosting]),
        (Testing, [Core, Transport]),
        (Tool, [Core, Transport, Hosting, PostgreSql, Redis, Gateway, Testing]),
    ];

    private static readonly Lazy<IReadOnlyList<TypeMentions>> CoreTypes = new(static () => AssemblyTypes.Read(Assembly.Load(Core)));

    [Fact]
    public void Assemblies_PointDownwardOnly() =>
        Assert.All(Arrows, static arrow =>
        {
            IEnumerable<string> ours = AssemblyTypes.References(Assembly.Load(arrow.Assembly)).Where(static name => name.StartsWith(Core, StringComparison.Ordinal) || name == Tool);
            Assert.Empty(ours.Except(arrow.Below));
        });

    [Fact]
    public void TheCore_DependsOnThePlatformAlone() =>
        Assert.All(AssemblyTypes.References(Assembly.Load(Core)), static name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void TheCore_NeitherWaitsNorAsksTheWorld() => AssertPure(CoreTypes.Value);

    [Fact]
    public void TheSimulation_NeitherWaitsNorAsksTheWorld() =>
        AssertPure(AssemblyTypes.Read(Assembly.Load(Testing)).Where(static type => type.Namespace.StartsWith("Realtime.Protocol.Testing.Simulation", StringComparison.Ordinal)));

    [Fact]
    public void AspNetCore_IsKnownToGatewayTestingAndToolOnly()
    {
        Assert.All((string[])[Transport, Hosting, Bridge, PostgreSql, Redis], static assembly => Assert.DoesNotContain(AssemblyTypes.References(Assembly.Load(assembly)), static name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
        Assert.Contains(AssemblyTypes.References(Assembly.Load(Testing)), static name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Wire_MentionsNoEventAndNoLifecycle()
    {
        HashSet<string> generated = [.. CoreTypes.Value.Where(static type => type.IsGenerated).Select(static type => type.FullName)];
        Assert.Contains(typeof(ResponseDone).FullName!, generated);
        List<TypeMentions> wire = [.. CoreTypes.Value.Where(static type => type.Namespace == typeof(JsonCursor).Namespace || (type.Namespace is Core or Core + ".Events" && !type.IsGenerated))];
        Assert.True(wire.Count > 20);

        // EventWriter is generated without the attribute: each event adds a part of it. A checkpoint is the machine's own account, and stands in Lifecycle/Continuity; applications name it, so its namespace is the root.
        Assert.All(wire.Where(static type => type.Name is not ("EventWriter" or nameof(Realtime.Protocol.SessionCheckpoint))), type =>
        {
            Assert.Empty(type.Mentions.Intersect(generated));
            Assert.DoesNotContain(type.Mentions, static name => name.StartsWith(Core + ".Lifecycle.", StringComparison.Ordinal));
        });
    }

    /// <summary>
    /// Wire reads and writes JSON and knows no view, and nothing that copies or shows one: those stand on it. Of the events' namespace it
    /// knows only the values below, which it writes from, and what it says about a message. A new one is a decision.
    /// </summary>
    [Fact]
    public void Wire_MentionsNoView()
    {
        string[] allowed =
        [
            "AudioBytes", "Field`1", "FieldList`1", "IntegerOrInfinity", "OpenEnum`1", "Presence", "StringMap", "Text", "UnknownMembers",
            "JsonForms", "ReadError", "ReadErrorReason", "ReadOddities",
        ];
        List<TypeMentions> wire = [.. CoreTypes.Value.Where(static type => type.Namespace == typeof(JsonCursor).Namespace)];
        Assert.True(wire.Count > 20);
        string[] upward =
        [
            .. wire
                .SelectMany(static type => type.Mentions.Where(static name => name.StartsWith(Core + ".Events.", StringComparison.Ordinal) || name.StartsWith(Core + ".Views.", StringComparison.Ordinal)).Select(name => (type.Name, Mentions: name)))
                .Where(mention => !allowed.Any(name => mention.Mentions == $"{Core}.Events.{name}"))
                .Select(static mention => $"{mention.Name} mentions {mention.Mentions}")
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(upward.Length == 0, string.Join("\n", upward));
    }

    [Fact]
    public void GeneratedCode_MentionsNoLifecycle()
    {
        List<TypeMentions> generated = [.. CoreTypes.Value.Where(static type => type.IsGenerated || type.Name == "EventWriter")];
        Assert.True(generated.Count > 50);
        Assert.All(generated, static type => Assert.DoesNotContain(type.Mentions, static name => name.StartsWith(Core + ".Lifecycle.", StringComparison.Ordinal)));
        Assert.Contains(CoreTypes.Value, static type => type.FullName == typeof(SessionMachine).FullName);
    }

    [Fact]
    public void TheReaderOfMetadata_SeesWhatItShould()
    {
        TypeMentions self = AssemblyTypes.Read(typeof(ArrowTests).Assembly).Single(static type => type.Name == nameof(Sample));
        Assert.Superset(
            new HashSet<string> { "System.DateTime", "System.Random", "System.Threading.Tasks.Task", "System.IO.File", "System.Net.IPAddress" },
            (HashSet<string>)self.Mentions);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertPure([self]));
    }

    private static void AssertPure(IEnumerable<TypeMentions> types)
    {
        List<TypeMentions> all = [.. types];
        Assert.NotEmpty(all);
        Assert.All(all, static type => Assert.DoesNotContain(type.Mentions, IsImpure));
    }

    private static bool IsImpure(string name) => Impure.Any(banned => banned.EndsWith('.') ? name.StartsWith(banned, StringComparison.Ordinal) : name == banned);
}

/// <summary>Mentions five impure types in five ways: a field, a parameter, a result, a call and a type argument.</summary>
internal sealed class Sample
{
    private static readonly DateTime Field = default;

    public static bool Call(Random parameter) => parameter is not null && File.Exists(Field.ToString());

    public static Task? Result() => null;

    public static List<System.Net.IPAddress>? Argument() => null;
}
