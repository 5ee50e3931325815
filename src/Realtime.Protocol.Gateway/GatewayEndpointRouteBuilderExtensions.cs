using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Gateway;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps calls of telephones and browsers to addresses of a web application.</summary>
public static class GatewayEndpointRouteBuilderExtensions
{
    private const string IdOfCall = "id";

    /// <summary>Takes calls of Twilio's Media Streams at an address. The call's SID is the id of the call; sound passes through as it is, G.711 µ-law both ways.</summary>
    /// <param name="endpoints">Of the application, whose services have <c>AddVoiceGateway</c>.</param>
    /// <param name="pattern">Of the address, for instance <c>/twilio</c>.</param>
    /// <param name="configure">Sets at least <see cref="TwilioMediaStreamsOptions.AuthToken"/>.</param>
    /// <returns>For what holds for the endpoint: rate limits, hosts, metadata.</returns>
    /// <exception cref="ArgumentException">There is no auth token.</exception>
    /// <exception cref="InvalidOperationException">The services of the gateway are missing.</exception>
    public static IEndpointConventionBuilder MapTwilioMediaStreams(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<TwilioMediaStreamsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TwilioMediaStreamsOptions();
        configure(options);
        (string? token, Uri? address) = (options.AuthToken, options.PublicAddress);
        if (string.IsNullOrEmpty(token) && !options.AllowUnsigned)
        {
            throw new ArgumentException("The auth token of the Twilio account is missing, so anybody could call. Set AuthToken; a test may set AllowUnsigned instead.", nameof(configure));
        }

        GatewayServices services = GatewayServices.Of(endpoints.ServiceProvider);
        var door = new CallDoor(options, services, ProtocolNames.Twilio);
        return Map(endpoints, pattern, context => door.ReceiveAsync(
            context, _ => CheckAsync(context), subprotocol: null, wire => new CallBridge(options, services, new TwilioProtocol(), wire, context.Connection.RemoteIpAddress)));

        async ValueTask<DoorAnswerText?> CheckAsync(HttpContext context) =>
            string.IsNullOrEmpty(token) || await TwilioSignature.IsValidAsync(context.Request, token, address, context.RequestAborted).ConfigureAwait(false)
                ? null
                : new(StatusCodes.Status403Forbidden, "The signature is missing or wrong.");
    }

    /// <summary>Takes calls of browsers and clients of your own at an address, in the protocol that CALLS.md describes: PCM16 at 24 kHz in binary messages, and small controls in JSON.</summary>
    /// <param name="endpoints">Of the application, whose services have <c>AddVoiceGateway</c>.</param>
    /// <param name="pattern">Of the address, with the id of the call as <c>{id}</c>, for instance <c>/call/{id}</c>.</param>
    /// <param name="configure">What holds for the calls; null leaves it as it comes: a ticket of <see cref="CallTickets"/> is needed, and of pages those of this host are let in.</param>
    /// <returns>For what holds for the endpoint: rate limits, hosts, metadata.</returns>
    /// <exception cref="ArgumentException">The pattern has no <c>{id}</c>.</exception>
    /// <exception cref="InvalidOperationException">The services of the gateway are missing.</exception>
    public static IEndpointConventionBuilder MapVoiceCalls(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<VoiceCallsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (!RoutePatternFactory.Parse(pattern).Parameters.Any(static parameter => parameter.Name == IdOfCall))
        {
            throw new ArgumentException("The pattern of calls has no {id}, by which one call is told from another.", nameof(pattern));
        }

        var options = new VoiceCallsOptions();
        configure?.Invoke(options);
        GatewayServices services = GatewayServices.Of(endpoints.ServiceProvider);
        var tickets = endpoints.ServiceProvider.GetRequiredService<CallTickets>();
        var door = new CallDoor(options, services, ProtocolNames.Web);
        return Map(endpoints, pattern, context => door.ReceiveAsync(context, Check, WebCallProtocol.Subprotocol, wire => CallOf(context, wire)));

        CallBridge CallOf(HttpContext context, WebSocketCallWire wire)
        {
            var parameters = context.Request.RouteValues.Where(static pair => pair.Key != IdOfCall).ToDictionary(static pair => pair.Key, static pair => pair.Value?.ToString() ?? "");
            var who = new CallIntroduction(IdOf(context), null, parameters);
            return new(
                options, services, options.Captions ? new CaptionedCallProtocol(who, options) : new WebCallProtocol(who, options), wire, context.Connection.RemoteIpAddress,
                options.RequireTicket ? call => tickets.Create(call.Id, options.ReturnTicketLifetime) : null);
        }

        ValueTask<DoorAnswerText?> Check(HttpContext context) => new(WebCallCheck.RefusalOf(context, IdOf(context), options, tickets));

        static string IdOf(HttpContext context) => context.Request.RouteValues[IdOfCall]?.ToString() ?? "";
    }

    /// <summary>
    /// Serves a page that calls <see cref="MapVoiceCalls"/> with the browser's microphone: one static document, with captions of both sides, and a line that is dialled again when it breaks. It is for everybody who may open it and holds no
    /// secret; who may call is decided where calls are taken. A browser gives a page its microphone over https, or on this machine.
    /// </summary>
    /// <param name="endpoints">Of the application.</param>
    /// <param name="pattern">Of the address, for instance <c>/</c>.</param>
    /// <param name="configure">What the page is called and where it calls; null leaves it as it comes: <c>/call/</c> on this host, without a ticket.</param>
    /// <returns>For what holds for the endpoint: authorization, hosts, metadata.</returns>
    /// <exception cref="ArgumentException">One of <see cref="VoicePageOptions.Gateways"/> is no base address of http or https.</exception>
    public static IEndpointConventionBuilder MapVoicePage(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<VoicePageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = new VoicePageOptions();
        configure?.Invoke(options);
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], new VoicePage(options).ServeAsync);
    }

    // WebSockets of its own, so that an application need not know that they are used; where it does, the feature is there already.
    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate receive)
    {
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(receive);
        return endpoints.Map(pattern, pipeline.Build());
    }
}
