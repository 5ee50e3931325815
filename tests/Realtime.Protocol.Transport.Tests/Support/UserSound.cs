namespace Realtime.Protocol.Transport.Tests;

/// <summary>The user's voice as bytes that differ, and what a server was sent of it.</summary>
internal static class UserSound
{
    /// <summary>The same bytes each time.</summary>
    public static byte[] Of(int bytes)
    {
        byte[] sound = new byte[bytes];
        new Random(7).NextBytes(sound);
        return sound;
    }

    /// <summary>Takes appends until a server has so many bytes; anything else that comes fails the test.</summary>
    public static async Task<byte[]> HeardAsync(ScriptedServer server, int bytes)
    {
        var heard = new List<byte>();
        while (heard.Count < bytes)
        {
            heard.AddRange(Convert.FromBase64String((string)(await server.ExpectAsync("input_audio_buffer.append"))["audio"]!));
        }

        return [.. heard];
    }
}
