using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>What only a session sends does not compile as an event of the application's own, with no analyzer's help; everything else that a client sends does.</summary>
public class SendableEventTests
{
    private static readonly Lazy<CSharpCompilation> Project = new(static () => CSharpCompilation.Create(
        "Sending",
        [],
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(static path => MetadataReference.CreateFromFile(path)),
            MetadataReference.CreateFromFile(typeof(SequencedAttribute).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(VoiceSession).Assembly.Location),
        ],
        TestProject.Options));

    public static TheoryData<string> Sendable => [.. ClientEvents().Where(static type => type.IsAssignableTo(typeof(Events.ISendableEvent))).Select(static type => type.Name)];

    [Fact]
    public void WhatIsNotSendable_IsWhatTheSchemaMarks() =>
        Assert.Equal(
            ["InputAudioBufferAppend", "InputAudioBufferClear", "InputAudioBufferCommit", "ResponseCreate"],
            ClientEvents().Where(static type => !type.IsAssignableTo(typeof(Events.ISendableEvent))).Select(static type => type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("new ResponseCreate()", "call session.Respond().")]
    [InlineData("new ResponseCreate { Response = new() { Instructions = \"Say hello.\" } }", "call session.Respond().")]
    [InlineData("new InputAudioBufferAppend { Audio = new byte[2] }", "write to session.Input.")]
    [InlineData("new InputAudioBufferCommit()", "call session.EndTurn() for an answer, or session.Input.CommitAsync() for the words alone.")]
    [InlineData("new InputAudioBufferClear()", "call session.Input.Clear().")]
    public void WhatOnlyTheSessionSends_DoesNotCompile_AndTheCompilerNamesTheVerb(string value, string verb)
    {
        var error = Assert.Single(FoundIn(value));

        Assert.Equal("CS0619", error.Id);
        Assert.Contains(verb, error.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void EventOfAnotherProtocol_DoesNotCompile() =>
        Assert.Equal(["CS0315"], FoundIn("new Realtime.Protocol.Events.Translation.SessionUpdate { Session = new() }").Select(static found => found.Id));

    [Theory]
    [MemberData(nameof(Sendable))]
    public void EverythingElse_Compiles(string type) => Assert.Empty(FoundIn($"default({type})"));

    private static IEnumerable<Type> ClientEvents() => typeof(Events.ClientEvent).Assembly.GetTypes().Where(static type =>
        type is { IsValueType: true, Namespace: "Realtime.Protocol.Events" } && Enum.GetNames<Events.ClientEventKind>().Contains(type.Name));

    private static Diagnostic[] FoundIn(string value)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(
            $"using Realtime.Protocol; using Realtime.Protocol.Events; class Caller {{ void Send(VoiceSession session) {{ _ = session.SendAsync({value}); }} }}", TestProject.Syntax);
        return [.. Project.Value.AddSyntaxTrees(tree).GetDiagnostics().Where(static found => found.Severity == DiagnosticSeverity.Error)];
    }
}
