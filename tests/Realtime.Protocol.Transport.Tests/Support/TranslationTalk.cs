using System.IO.Pipelines;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>A translation and its server at the two ends of a connection in memory, and what tests of it say and read.</summary>
internal static class TranslationTalk
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public const string Created =
        """{"type":"session.created","session":{"id":"sess_56ovD0Z9tieF5b9bvw0PD","type":"translation","model":"gpt-realtime-translate","audio":{},"expires_at":1795215600}}""";

    public static string Updated(string language) =>
        $$$$"""{"type":"session.updated","session":{"id":"sess_1","type":"translation","model":"gpt-realtime-translate","audio":{"output":{"language":"{{{{language}}}}"}},"expires_at":1795215600}}""";

    public static string Unknown(JsonObject update) =>
        $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"Unknown language.","param":"session.audio.output.language","event_id":"{{{update["event_id"]}}}"}}""";

    public static async Task<(TranslationSession Session, ScriptedServer Server)> ConnectAsync(TranslationSessionOptions? options = null)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync((options ?? new()).Over(client));
        await server.SendAsync(Created);
        await server.ExpectAsync("session.update");
        await server.SendAsync(Updated(options?.Language ?? "en"));
        return (await connecting.WaitAsync(Patience), server);
    }

    public static async Task EndAsync(TranslationSession session, ScriptedServer server)
    {
        await server.DisposeAsync();
        await session.DisposeAsync();
    }

    public static byte[] Noise(int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }

    public static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        var all = new MemoryStream();
        await reader.CopyToAsync(all).WaitAsync(Patience);
        return all.ToArray();
    }
}
