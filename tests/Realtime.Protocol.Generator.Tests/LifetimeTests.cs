using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>How long an event is valid, as the compiler sees it: as long as its message and its audio, however the message was handed over.</summary>
public class LifetimeTests
{
    private static readonly GeneratorRun Generated = new(Schemas.Foreign);

    public static TheoryData<string> Sound =>
    [
        "bool M(byte[] memory, byte[] audio) { var message = new ReadOnlySequence<byte>(memory); return reader.TryRead(message, audio, out ServerEvent e, out _) && e.Kind != 0; }",
        "bool M(byte[] memory, byte[] audio) { ServerEvent e; var message = new ReadOnlySequence<byte>(memory); return reader.TryRead(message, audio, out e, out _) && e.Kind != 0; }",
        "bool M(byte[] memory, byte[] audio, out ServerEvent e) { var message = new ReadOnlySequence<byte>(memory); return reader.TryRead(in message, audio, out e, out _); }",
        "ServerEvent M(byte[] memory, byte[] audio) { reader.TryRead(new ReadOnlySequence<byte>(memory), audio, out ServerEvent e, out _); return e; }",
        "ServerEvent M(in ReadOnlySequence<byte> message, Span<byte> audio) { reader.TryRead(in message, audio, out ServerEvent e, out _); return e; }",
        "ServerEvent M(ReadOnlySequence<byte> message) { reader.TryRead(message, default, out ServerEvent e, out _); return e; }",
        "int M(ReadOnlySequence<byte>[] messages) { int n = 0; ServerEvent e = default; foreach (ReadOnlySequence<byte> message in messages) { Span<byte> audio = new byte[8]; n += reader.TryRead(message, audio, out e, out _) ? (int)e.Kind : 0; } return n; }",
        "bool M(ReadOnlySequence<byte> message) { Span<byte> audio = stackalloc byte[8]; return reader.TryRead(message, audio, out ServerEvent e, out _) && e.TryGetTone(out ToneView tone) && tone.Sound.IsDecoded; }",
        "ServerEvent M(ReadOnlySpan<byte> message, Span<byte> audio) { reader.TryRead(message, audio, out ServerEvent e, out _); return e; }",
        "bool M(byte[] memory, out ServerEvent e) => ServerEvent.TryRead(memory, out e, out _);",
        "OwnedServerEvent M(ReadOnlySequence<byte> message) { Span<byte> audio = stackalloc byte[8]; reader.TryRead(message, audio, out ServerEvent e, out _); return e.ToOwned(); }",
    ];

    public static TheoryData<string> Unsound =>
    [
        "ServerEvent M(ReadOnlySequence<byte> message) { Span<byte> audio = stackalloc byte[8]; reader.TryRead(message, audio, out ServerEvent e, out _); return e; }",
        "void M(ReadOnlySequence<byte> message, out ServerEvent e) { Span<byte> audio = stackalloc byte[8]; reader.TryRead(message, audio, out e, out _); }",
        "ServerEvent M() { Span<byte> message = stackalloc byte[8]; reader.TryRead(message, default, out ServerEvent e, out _); return e; }",
        "ServerEvent M() { Span<byte> message = stackalloc byte[8]; ServerEvent.TryRead(message, out ServerEvent e, out _); return e; }",
        "ToneView M(ReadOnlySequence<byte> message) { Span<byte> audio = stackalloc byte[8]; reader.TryRead(message, audio, out ServerEvent e, out _); e.TryGetTone(out ToneView tone); return tone; }",
        "ReadOnlySpan<byte> M(ReadOnlySequence<byte> message) { Span<byte> audio = stackalloc byte[8]; reader.TryRead(message, audio, out ServerEvent e, out _); return e.Audio; }",
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void AnEventThatIsUsedInTime_Compiles(string method) => Assert.Empty(Problems(method));

    [Theory]
    [MemberData(nameof(Unsound))]
    public void AnEventThatOutlivesItsMemory_DoesNotCompile(string method)
    {
        Diagnostic[] problems = Problems(method);
        Assert.NotEmpty(problems);
        Assert.All(problems, static problem => Assert.Contains(problem.Id, (string[])["CS8347", "CS8350", "CS8352"]));
    }

    private static Diagnostic[] Problems(string method) =>
        [.. Generated.ProblemsOfUser($"#nullable enable\nusing System;\nusing System.Buffers;\nusing Foreign.Events;\n\npublic class User\n{{\n    public static readonly ServerEventReader reader = new();\n\n    public {method}\n}}")];
}
