using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>The tables of known libraries against the libraries: every row names something that is there, found as the rules find it.</summary>
public class KnownApisTests
{
    private const Knows Everything = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.ExtensionsAI | Knows.OpenAIBeta | Knows.VoiceLive;

    [Fact]
    public void EveryMember_Exists()
    {
        var compilation = TestProject.Compile("// Realtime.Protocol, OpenAI.Realtime, Microsoft.Extensions.AI", Everything);
        var apis = World.Of(compilation)!.Apis;
        Assert.Equal(
            [],
            from table in ApiTable.All
            from row in table.Members
            let members = compilation.GetTypesByMetadataName(row.Type).SelectMany(type => type.GetMembers(row.Member))
            where !members.Any(member => apis.ActOf(member) == row.Act && apis.LibraryOf(member) == table.Library)
            select $"{row.Type}.{row.Member}");
    }

    [Fact]
    public void EveryEvent_Exists()
    {
        var compilation = TestProject.Compile("// Realtime.Protocol, OpenAI.Realtime, Microsoft.Extensions.AI", Everything);
        var apis = World.Of(compilation)!.Apis;
        Assert.Equal(
            [],
            from table in ApiTable.All
            from row in table.Events
            let symbols = row.Member is null ? [.. compilation.GetTypesByMetadataName(row.Type)] : compilation.GetTypesByMetadataName(row.Type).SelectMany(type => type.GetMembers(row.Member))
            where !symbols.Any(symbol => apis.EventOf(symbol) == row.Event)
            select $"{row.Type}.{row.Member}");
    }

    [Fact]
    public void RowsOfATable_AreDistinct()
    {
        foreach (var table in ApiTable.All)
        {
            Assert.Equal(table.Members.Select(row => (row.Type, row.Member)).Distinct(), table.Members.Select(row => (row.Type, row.Member)));
            Assert.Equal(table.Events.Select(row => (row.Type, row.Member)).Distinct(), table.Events.Select(row => (row.Type, row.Member)));
        }
    }

    [Theory]
    [InlineData("", Knows.Nothing, null)]
    [InlineData("class C { }", Knows.Ours, Library.None)]
    [InlineData("// Realtime.Protocol\nclass C { }", Knows.Ours, Library.Ours)]
    [InlineData("using Realtime.Protocol;", Knows.Ours, Library.Ours)]
    [InlineData("global using Realtime.Protocol;", Knows.Ours, Library.Ours)]
    [InlineData("class C { Realtime.Protocol.Turn? T; }", Knows.Ours | Knows.Session, Library.Ours)]
    [InlineData("using OpenAI.Realtime;", Knows.OpenAI, Library.OpenAI)]
    [InlineData("using OpenAI.Chat;", Knows.OpenAI, Library.None)]
    [InlineData("using OpenAI.RealtimeConversation;", Knows.OpenAIBeta, Library.OpenAIBeta)]
    [InlineData("using Azure.AI.VoiceLive;", Knows.VoiceLive, Library.VoiceLive)]
    [InlineData("using Microsoft.Extensions.AI;", Knows.ExtensionsAI, Library.ExtensionsAI)]
    [InlineData("using Microsoft.Extensions.AIs;", Knows.ExtensionsAI, Library.None)]
    [InlineData("namespace OpenAI.Realtime { class RealtimeSessionClient { } }", Knows.Nothing, Library.OpenAI)]
    [InlineData("namespace Other.OpenAI.Realtime { class RealtimeSessionClient { } }", Knows.Nothing, null)]
    public void Library_IsKnownByReference_AndSpokenWhereAFileMentionsIt(string source, Knows knows, object? spoken) =>
        Assert.Equal(spoken, (object?)World.Of(TestProject.Compile(source, knows))?.Apis.Spoken);

    [Theory]
    [InlineData("var s = new OpenAI.Realtime.RealtimeSessionClient(); _ = s.StartResponseAsync();", "AskForResponse")]
    [InlineData("Other.Talk s = new(); _ = s.StartResponseAsync();", "None")]
    public void Act_IsThatOfTheType_NotOfTheName(string statements, string act)
    {
        var compilation = TestProject.Compile(
            $$"""
            using System.Threading.Tasks;
            namespace OpenAI.Realtime { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; } }
            namespace Other { public class Talk { public Task StartResponseAsync() => null!; } }
            class C { void M() { {{statements}} } }
            """,
            Knows.Nothing);
        var tree = compilation.SyntaxTrees[0];
        var call = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax>().Last();
        var operation = compilation.GetSemanticModel(tree).GetOperation(call, TestContext.Current.CancellationToken)!;

        Assert.Equal(act, World.Of(compilation)!.Apis.ActOf(operation).ToString());
    }
}
