
namespace Repository.Tests.Names;

/// <summary>
/// Names that nobody must qualify: what an application imports with <c>using Realtime.Protocol;</c> has no name that another using of a
/// voice application has, and inside this repository one name means one thing.
/// </summary>
public class NameTests
{
    private const string Root = "Realtime.Protocol";
    private const string Translation = "Realtime.Protocol.Events.Translation";

    private static readonly string[] Shipped = ["Realtime.Protocol", "Realtime.Protocol.Transport", "Realtime.Protocol.Hosting", "Realtime.Protocol.Gateway", "Realtime.Protocol.AI", "Realtime.Protocol.Journal.PostgreSql", "Realtime.Protocol.Journal.Redis", "Realtime.Protocol.Testing"];

    private static readonly string[] PackagesOfOthers = ["OpenAI", "System.ClientModel", "Microsoft.Extensions.AI.Abstractions", "Npgsql", "StackExchange.Redis"];

    /// <summary>What a voice application imports beside ours. A name that ends in a dot is a namespace with all below it.</summary>
    private static readonly string[] Imported = ["System.", "OpenAI.", "Microsoft.Extensions.", "Microsoft.AspNetCore.", "Npgsql.", "StackExchange.Redis."];

    private static readonly Lazy<TypeName[]> Ours = new(static () => [.. Shipped.SelectMany(static assembly => PublicNames.Of(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")))]);

    private static readonly Lazy<ILookup<string, TypeName>> Theirs = new(static () => OfOthers().ToLookup(static type => type.Name));

    [Fact]
    public void NoNameOfTheRoot_IsANameThatAVoiceApplicationImportsFromOthers() =>
        AssertNone(InRoot().SelectMany(type => Theirs.Value[type.Name].Select(other => $"{type} and {other}")));

    [Fact]
    public void NoNameOfTheRoot_IsANameInAnotherNamespaceOfOurs()
    {
        ILookup<string, TypeName> elsewhere = Ours.Value.Where(static type => type.IsPublic && type.Namespace != Root).ToLookup(static type => type.Name);
        AssertNone(InRoot().SelectMany(type => elsewhere[type.Name].Select(other => $"{type} and {other}")));
    }

    /// <summary>
    /// Internal types included. The types of the translation API stand apart: two protocols of one service both have a <c>session</c>, an
    /// <c>error</c> and a <c>session.update</c>, each with members of its own, and the generator gives either of them the same reader and writer.
    /// </summary>
    [Fact]
    public void NoTwoTypes_HaveOneName() =>
        AssertNone(Ours.Value
            .Where(static type => type.Namespace != Translation)
            .GroupBy(static type => type.Name)
            .Where(static group => group.Select(static type => $"{type}").Distinct().Count() > 1) // an internal one of the same namespace is one source, compiled into two assemblies
            .Select(static group => string.Join(" and ", group)));

    [Fact]
    public void TheLists_SeeWhatTheyShould()
    {
        Assert.Contains(Theirs.Value["RealtimeSession"], static type => type.Namespace == "OpenAI.Realtime");
        Assert.Contains(Theirs.Value["AIFunction"], static type => type.Namespace == "Microsoft.Extensions.AI");
        Assert.NotEmpty(Theirs.Value["WebSocket"]);
        Assert.NotEmpty(Theirs.Value["HttpContext"]);
        Assert.NotEmpty(Theirs.Value["ILogger`1"]);
        Assert.Contains(Ours.Value, static type => type is { Namespace: Root, Name: "VoiceSession", IsPublic: true });
        Assert.Contains(Ours.Value, static type => type is { Name: "SlotTable", IsPublic: false });
    }

    private static IEnumerable<TypeName> InRoot() => Ours.Value.Where(static type => type is { Namespace: Root, IsPublic: true });

    private static IEnumerable<TypeName> OfOthers()
    {
        IEnumerable<TypeName> platform = PublicNames.OfFolder(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        IEnumerable<TypeName> aspNetCore = PublicNames.OfFolder(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!);
        IEnumerable<TypeName> packages = PackagesOfOthers.SelectMany(static name => PublicNames.Of(Path.Combine(AppContext.BaseDirectory, name + ".dll"))).Where(static type => type.IsPublic);
        return platform.Concat(aspNetCore).Concat(packages).Distinct().Where(static type => Imported.Any(imported => (type.Namespace + ".").StartsWith(imported, StringComparison.Ordinal)));
    }

    private static void AssertNone(IEnumerable<string> clashes)
    {
        string[] all = [.. clashes.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, $"{all.Length} names mean two things:\n{string.Join('\n', all)}");
    }
}
