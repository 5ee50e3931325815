using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Repository.Tests.Programs;

/// <summary>The programs of the README of Gateway. What stands in a region is shown there, word for word; what stands around it lets a test stop them.</summary>
internal static class GatewayPrograms
{
    public static async Task BridgeAsync(string[] args, Action<WebApplication> began)
    {
        #region Program 1
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice"));   // "Credential", "Session": { "Instructions": … }
        builder.Services.AddVoiceGateway();
        builder.Services.AddHealthChecks().AddVoiceSessions().AddVoiceGateway();
        var app = builder.Build();
        app.MapHealthChecks("/ready");
        app.MapPost("/voice", (HttpRequest r) => Results.Content($"""<Response><Connect><Stream url="wss://{r.Host}/twilio"/></Connect></Response>""", "text/xml"));
        app.MapTwilioMediaStreams("/twilio", o =>
        {
            o.AuthToken = app.Configuration["Twilio:AuthToken"];
            o.OnAnswered = (call, ct) => call.Session.Respond(new() { Instructions = "Greet the caller." }).Completion;
            o.OnDigit = (call, digit, ct) => call.Session.SendMessage($"I pressed {digit}.").Completion;
            o.OnEnded = (call, end) => Console.Out.WriteLineAsync($"{call.Id} {end.Kind}");
        });
        #endregion
        began(app);
        #region Program 1
        await app.RunAsync();
        #endregion
    }

    public static async Task PageAsync(string[] args, Action<WebApplication> began)
    {
        #region Program 2
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Services.AddVoiceGateway();
        var app = builder.Build();
        app.MapVoicePage("/");
        app.MapVoiceCalls("/call/{id}", o => o.RequireTicket = false);   // whoever opens the page may call
        #endregion
        began(app);
        #region Program 2
        await app.RunAsync();
        #endregion
    }
}
