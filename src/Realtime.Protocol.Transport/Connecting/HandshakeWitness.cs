using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Passes the handshake through and reads the answer that refuses it, because the platform's WebSocket keeps the status and throws the
/// body away. The request for a client secret is refused in the same words and read in the same way. It changes neither request nor answer. What it reads is bounded in bytes and in time, and holds no credential of ours.
/// </summary>
/// <param name="inner">Makes the connection.</param>
/// <param name="secrets">What is blanked out of the server's words: some servers quote the key that they refuse.</param>
/// <param name="time">The clock of the wait for a body, and of a <c>Retry-After</c> that is a date.</param>
internal sealed class HandshakeWitness(HttpMessageHandler inner, SecretWords secrets, TimeProvider time) : DelegatingHandler(inner)
{
    private const int MaxBodyBytes = 4096;

    // The status is known by then and says the most; a body that is late is done without.
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(2);

    /// <summary>True where no WebSocket is asked for: then any 2xx is no refusal.</summary>
    public bool TakesAnySuccess { get; init; }

    /// <summary>The answer, when it was another than what was asked for; null before it came.</summary>
    public RefusedHandshake? Refusal { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        bool isTaken = TakesAnySuccess ? response.IsSuccessStatusCode : response.StatusCode is HttpStatusCode.SwitchingProtocols;
        if (!isTaken)
        {
            TimeSpan? wait = RetryAfter(response.Headers);
            Refusal = new(response.StatusCode, wait, null);
            byte[] body = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
            Refusal = new(response.StatusCode, wait, Blanked(RefusalBody.Read(body, response.Content.Headers.ContentType?.MediaType)));
        }

        return response;
    }

    // Neither a body that breaks off nor one that never comes hides the status.
    private async Task<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        byte[] body = new byte[MaxBodyBytes];
        int length = 0;
        using var timeout = new CancellationTokenSource(BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using Stream stream = await content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            for (int read = -1; read != 0 && length < body.Length; length += read)
            {
                read = await stream.ReadAsync(body.AsMemory(length), either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or HttpRequestException)
        {
            // What came until then is used.
        }

        return body[..length];
    }

    // In seconds or as a date (RFC 9110, 10.2.3); OpenAI and Azure also send milliseconds in a header of their own.
    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out IEnumerable<string>? values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        TimeSpan? wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private ServerError? Blanked(ServerError? error) => error is null
        ? null
        : new(secrets.Blank(error.Code), secrets.Blank(error.Type), secrets.Blank(error.Message), secrets.Blank(error.Parameter), null);
}
