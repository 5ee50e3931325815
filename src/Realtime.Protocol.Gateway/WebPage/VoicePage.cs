using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// The page of <c>MapVoicePage</c>: one document with its style and its program in it, which asks no other host for anything but calls. Its policy lets the browser run that program and use that style, by their hashes, and dial this host and the
/// gateways that were named. It holds no key and no ticket, and is the same for everybody.
/// </summary>
internal sealed class VoicePage
{
    // In this order: each uses those before it.
    private static readonly string Program = Read("closings.js") + Read("sound.js") + Read("line.js") + Read("captions.js") + Read("page.js");
    private static readonly string Worklets = Read("worklets.js");
    private static readonly string Style = Read("page.css");
    private static readonly string Frame = Read("page.html");

    private readonly byte[] _document;
    private readonly EntityTagHeaderValue _tag;
    private readonly string _policy;

    /// <exception cref="ArgumentException">A gateway is no address of http or https.</exception>
    public VoicePage(VoicePageOptions options)
    {
        Uri[] gateways = [.. options.Gateways.Select(WebSocketAddress)];
        string html = Fill(Frame, name => name switch
        {
            "title" => HtmlEncoder.Default.Encode(options.Title),
            "style" => Style,
            "config" => Config(options, gateways),
            "worklets" => Worklets,
            "program" => Program,
            _ => throw new InvalidOperationException($"The page has a place for {name}, and nothing fills it."),
        });
        _document = Encoding.UTF8.GetBytes(html);
        _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(_document).AsSpan(0, 16))}\"");

        // The worklets are no document of their own, so their text is run from a blob; 'self' is this host for WebSockets, too.
        string dialled = string.Join(' ', gateways.Select(static gateway => gateway.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)).Distinct().Prepend("'self'"));
        _policy = $"default-src 'none'; script-src '{Hash(Program)}' blob:; style-src '{Hash(Style)}'; img-src data:; connect-src {dialled}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    /// <summary>Answers a GET or a HEAD.</summary>
    public Task ServeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.ContentSecurityPolicy = _policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Permissions-Policy"] = "microphone=(self)";

        // Kept, and asked for each time whether it is still the same: a new version of the gateway has a new page.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = _tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(_tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = _document.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(_document, context.RequestAborted).AsTask();
    }

    private static Uri WebSocketAddress(Uri gateway)
    {
        // A policy has no words for an address of IPv6. The address is not repeated: it may hold a password.
        if (gateway is not { IsAbsoluteUri: true, Scheme: "http" or "https", HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4, Query: "", Fragment: "", UserInfo: "" })
        {
            throw new ArgumentException("One of the gateways has no base address of http or https with a host's name or an IPv4 address and without a user, a query or a fragment, such as https://b.example.com.", nameof(VoicePageOptions.Gateways));
        }

        // A header is ASCII, and the host's name as the network knows it, too.
        var address = new UriBuilder(gateway) { Scheme = gateway.Scheme == "https" ? "wss" : "ws", Host = gateway.IdnHost, Port = gateway.Port };
        address.Path = address.Path.EndsWith('/') ? address.Path : address.Path + '/';
        return address.Uri;
    }

    // The writer escapes what would end a script.
    private static string Config(VoicePageOptions options, Uri[] gateways)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("calls"u8, options.CallPath);
            json.WriteString("tickets"u8, options.TicketPath);
            json.WriteStartArray("gateways"u8);
            foreach (Uri gateway in gateways)
            {
                json.WriteStringValue(new Uri(gateway, options.CallPath.TrimStart('/')).AbsoluteUri);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // In one pass, so that nothing that was filled in is taken for a place.
    private static string Fill(string frame, Func<string, string> part)
    {
        string[] pieces = frame.Split("{{");
        var filled = new StringBuilder(pieces[0]);
        foreach (string piece in pieces.AsSpan(1))
        {
            int end = piece.IndexOf("}}", StringComparison.Ordinal);
            filled.Append(part(piece[..end])).Append(piece, end + 2, piece.Length - end - 2);
        }

        return filled.ToString();
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    // A browser counts a line break as one character, whatever the file has.
    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(VoicePage).Assembly.GetManifestResourceStream($"WebPage.{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
