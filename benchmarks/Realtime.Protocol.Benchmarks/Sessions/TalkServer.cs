using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// A realtime service as far as a conversation goes: Kestrel on loopback, plain and encrypted. Once a response was asked for, it answers
/// with as much audio as it gets, 100 ms at a time, so both sides talk in real time if the client does; a client may put several pieces
/// of speech into one append. Clearing the input ends the response.
/// </summary>
public static class TalkServer
{
    /// <summary>Serves until the input ends. Its first lines of output are the plain address, the encrypted one, and the file of the certificate to trust.</summary>
    public static async Task ServeAsync(TextReader input, TextWriter output)
    {
        using X509Certificate2 certificate = MakeCertificate();
        string trusted = Path.GetTempFileName();
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.UseHttps(certificate);
                });
            });
            await using WebApplication application = builder.Build();
            application.UseWebSockets();
            application.Run(ConverseAsync);
            await application.StartAsync();
            await output.WriteLineAsync($"{application.Urls.Single(static url => url.StartsWith("http:", StringComparison.Ordinal))}/v1");
            await output.WriteLineAsync($"{application.Urls.Single(static url => url.StartsWith("https:", StringComparison.Ordinal))}/v1");
            await output.WriteLineAsync(trusted);
            await output.FlushAsync();
            await input.ReadToEndAsync();
        }
        finally
        {
            File.Delete(trusted);
        }
    }

    private static async Task ConverseAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        byte[] message = new byte[64 * 1024];
        int heard = 0;
        int response = 0;
        byte[] delta = [];
        try
        {
            await SayAsync(TalkMessages.Created);
            while (await socket.ReceiveAsync(message.AsMemory(), context.RequestAborted) is { MessageType: WebSocketMessageType.Text } received)
            {
                ReadOnlyMemory<byte> said = message.AsMemory(0, received.Count);
                if (Mentions(said, "input_audio_buffer.append"u8))
                {
                    for (heard += AudioBytes(said.Span); heard >= TalkMessages.DeltaBytes; heard -= TalkMessages.DeltaBytes)
                    {
                        await socket.SendAsync(delta.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
                    }
                }
                else if (Mentions(said, "input_audio_buffer.clear"u8))
                {
                    foreach (string json in TalkMessages.End(response))
                    {
                        await SayAsync(json);
                    }
                }
                else if (Mentions(said, "response.create"u8))
                {
                    response++;
                    heard = 0;
                    delta = TalkMessages.Delta(response);
                    JsonNode? metadata = JsonNode.Parse(said.Span)!["response"]?["metadata"];
                    foreach (string json in TalkMessages.Beginning(response, metadata))
                    {
                        await SayAsync(json);
                    }
                }
                else if (Mentions(said, "session.update"u8))
                {
                    await SayAsync(TalkMessages.Updated);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
        }

        Task SayAsync(string json) => socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    }

    private static bool Mentions(ReadOnlyMemory<byte> message, ReadOnlySpan<byte> type) => message.Span.IndexOf(type) >= 0;

    private static int AudioBytes(ReadOnlySpan<byte> append)
    {
        ReadOnlySpan<byte> audio = append[(append.IndexOf("\"audio\":\""u8) + 9)..];
        audio = audio[..audio.IndexOf((byte)'"')];
        return (audio.Length / 4 * 3) - (audio.EndsWith("=="u8) ? 2 : audio.EndsWith("="u8) ? 1 : 0);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
