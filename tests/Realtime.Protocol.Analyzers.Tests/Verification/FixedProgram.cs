using System.Runtime.Loader;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>Runs what a fix of RT2001 made: the statement is compiled, loaded and called, and what reaches the place is handed back.</summary>
internal static class FixedProgram
{
    public static byte[] Run(string statement, byte[] pcm, string text)
    {
        var compilation = TestProject.Compile($$"""
            using System; using System.Text; using System.Buffers.Text; using Realtime.Protocol;
            public static class Line
            {
                public static byte[] Got = [];
                public static void Append([RawAudio] byte[] audio) => Got = audio;
                public static void AppendSpan([RawAudio] ReadOnlySpan<byte> audio) => Got = audio.ToArray();
                public static void AppendMemory([RawAudio] ReadOnlyMemory<byte> audio) => Got = audio.ToArray();
            }
            public static class Caller { public static byte[] Talk(byte[] pcm, string text) { {{statement}} return Line.Got; } }
            """);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));

        image.Position = 0;
        var context = new AssemblyLoadContext("fixed", isCollectible: true);
        context.Resolving += static (_, name) => name.Name == typeof(SequencedAttribute).Assembly.GetName().Name ? typeof(SequencedAttribute).Assembly : null;
        try
        {
            return (byte[])context.LoadFromStream(image).GetType("Caller")!.GetMethod("Talk")!.Invoke(null, [pcm, text])!;
        }
        finally
        {
            context.Unload();
        }
    }
}
