using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Gateway;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>
/// What stands at which address of a gateway, and who is let in. On this machine alone, pages of this gateway and its peers may call, under names of this machine: a foreign page is refused by its origin, and one whose name was made to mean this
/// machine by its host. Where a network can come, directly or by an address that a proxy answers, only who has a ticket is let in, and tickets are given to who shows the key.
/// </summary>
internal static class GatewayDoors
{
    /// <summary>The address of a call, before its id.</summary>
    public const string Calls = "/call/";

    /// <summary>Where tickets are given, before the id of the call.</summary>
    public const string Tickets = "/ticket/";

    /// <summary>Whether the gateway takes calls.</summary>
    public const string Ready = "/ready";

    private const string Page = "/";
    private const string Twilio = "/twilio";
    private static readonly string[] NamesOfThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Under which names the gateway answers where it listens for this machine alone; empty for any.</summary>
    public static IReadOnlyList<string> Hosts(GatewaySettings settings) =>
        !IPAddress.IsLoopback(settings.Listen) ? []
        : settings.PublicAddress is { Host: var host } ? [.. NamesOfThisMachine, host]
        : NamesOfThisMachine;

    /// <summary>From which pages calls come; empty for those of this host alone.</summary>
    public static IReadOnlyList<string> Origins(GatewaySettings settings)
    {
        if (settings.Peers.Count == 0 && settings.PublicAddress is null)
        {
            return [];
        }

        string scheme = settings.Certificate is null ? "http" : "https";
        string[] names = IPAddress.IsLoopback(settings.Listen) ? NamesOfThisMachine : settings.Listen.Equals(IPAddress.Any) || settings.Listen.Equals(IPAddress.IPv6Any) ? [] : [new IPEndPoint(settings.Listen, 0).ToString()[..^2]];
        return
        [
            .. names.Select(name => OriginOf(new(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{name}:{settings.Port}")))),
            .. settings.Peers.Select(OriginOf),
            .. settings.PublicAddress is { } address ? [OriginOf(address)] : Array.Empty<string>(),
        ];
    }

    /// <summary>Maps all of it.</summary>
    /// <param name="app">The application, before it starts.</param>
    /// <param name="settings">Of the command line.</param>
    /// <param name="ticketKey">What a caller's ticket is signed with, and who shows it gets tickets; null where none is needed.</param>
    /// <param name="twilioToken">Of the account; null where Twilio does not call.</param>
    /// <param name="ended">Is told of each call that has ended.</param>
    public static void Map(WebApplication app, GatewaySettings settings, byte[]? ticketKey, string? twilioToken, Action<CallEnd> ended)
    {
        if (Hosts(settings) is { Count: > 0 })
        {
            app.UseHostFiltering();
        }

        if (ticketKey is not null)
        {
            // The browser asks its user for the key, and shows it again where the page fetches its tickets.
            app.Use((context, next) => context.Request.Path != Page || ShowsKey(context.Request, ticketKey) ? next(context) : AskForKeyAsync(context));
        }

        app.UseRouting();
        app.MapVoicePage(Page, options =>
        {
            options.CallPath = Calls;
            options.TicketPath = ticketKey is null ? null : Tickets;
            foreach (Uri peer in settings.Peers)
            {
                options.Gateways.Add(peer);
            }
        });
        app.MapHealthChecks(Ready);
        app.MapVoiceCalls(Calls + "{id}", options =>
        {
            options.RequireTicket = ticketKey is not null;
            options.AllowedOrigins.UnionWith(Origins(settings));
            Limit(options, settings);
            options.OnEnded = Ended;
        });
        if (ticketKey is not null)
        {
            var tickets = app.Services.GetRequiredService<CallTickets>();
            app.MapPost(Tickets + "{id}", context => GiveTicketAsync(context, tickets, ticketKey));
        }

        if (twilioToken is not null)
        {
            app.MapTwilioMediaStreams(Twilio, options =>
            {
                options.AuthToken = twilioToken;
                options.PublicAddress = settings.PublicAddress;
                Limit(options, settings, isSigned: true);
                options.OnEnded = Ended;
            });

            // Behind the stream the caller is brought back: when this process stops, to another.
            app.MapPost("/voice", context => SayAsync(context, StatusCodes.Status200OK, "text/xml", TwiML(settings.PublicAddress?.Authority ?? context.Request.Host.ToString())));
        }

        Task Ended(VoiceCall call, CallEnd end)
        {
            ended(end);
            return Task.CompletedTask;
        }
    }

    /// <summary>What holds for calls of every kind.</summary>
    /// <param name="options">Of one kind.</param>
    /// <param name="settings">Of the command line.</param>
    /// <param name="isSigned">True where every call is signed by one service, whose few addresses say nothing of who calls.</param>
    public static void Limit(CallOptions options, GatewaySettings settings, bool isSigned = false)
    {
        options.MaxCalls = settings.MaxCalls ?? options.MaxCalls;

        // On this machine, and behind a proxy, everybody comes from one address.
        bool isOneAddress = IPAddress.IsLoopback(settings.Listen) || settings.PublicAddress is not null;
        options.MaxCallsPerAddress = isSigned ? options.MaxCalls : settings.MaxCallsPerAddress ?? (isOneAddress ? options.MaxCalls : options.MaxCallsPerAddress);
    }

    /// <summary>Adds what <see cref="Map"/> needs.</summary>
    public static void AddServices(IServiceCollection services, GatewaySettings settings)
    {
        services.AddRoutingCore();
        services.Configure<HostFilteringOptions>(options => options.AllowedHosts = [.. Hosts(settings)]);
    }

    private static async Task GiveTicketAsync(HttpContext context, CallTickets tickets, byte[] key)
    {
        if (!ShowsKey(context.Request, key))
        {
            await AskForKeyAsync(context);
            return;
        }

        string id = context.Request.RouteValues["id"] as string ?? "";
        try
        {
            await SayAsync(context, StatusCodes.Status200OK, "text/plain", tickets.Create(id));
        }
        catch (ArgumentException)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, "text/plain", "The address names no call.");
        }
    }

    // As a program shows it, or as a browser does whose user was asked for it.
    private static bool ShowsKey(HttpRequest request, byte[] key)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? shown) || shown.Parameter is not { } parameter)
        {
            return false;
        }

        byte[] bytes = [];
        if (shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            bytes = Encoding.UTF8.GetBytes(parameter);
        }
        else if (shown.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            byte[] pair = new byte[parameter.Length];
            bytes = Convert.TryFromBase64String(parameter, pair, out int length) ? pair[(Array.IndexOf(pair, (byte)':') + 1)..length] : [];
        }

        return CryptographicOperations.FixedTimeEquals(bytes, key);
    }

    private static Task AskForKeyAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"calls\", charset=\"UTF-8\"";
        return SayAsync(context, StatusCodes.Status401Unauthorized, "text/plain", "Who shows the key gets in here: as Authorization: Bearer KEY, or in a browser as the password, with any user's name.");
    }

    private static Task SayAsync(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string TwiML(string host) => $"""<Response><Connect><Stream url="wss://{SecurityElement.Escape(host)}{Twilio}"/></Connect><Redirect method="POST">/voice</Redirect></Response>""";

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
