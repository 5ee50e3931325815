using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Hosting;

namespace Repository.Tests.Programs;

/// <summary>The program of the README of Hosting. What stands in a region is shown there, word for word; what stands around it lets a test stop it.</summary>
internal static class HostingPrograms
{
    public static async Task ServeAsync(string[] args, Action<WebApplication> began)
    {
        #region Program 1
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice"))   // "Credential", "Session": { "Voice": "marin" } …
            .Validate(o => o.Credential is not null, "Voice:Credential is missing.");
        builder.Services.AddHealthChecks().AddVoiceSessions();
        var app = builder.Build();
        app.MapHealthChecks("/ready");
        app.MapPost("/token", (VoiceSessionFactory calls, CancellationToken ct) => calls.CreateClientSecretAsync(TimeSpan.FromMinutes(1), ct));
        app.MapGet("/call/{id}", async (string id, string question, VoiceSessionFactory calls, CancellationToken ct) =>
        {
            await using var call = await calls.ConnectAsync(o => { o.CallId = id; o.Session = o.Session with { Instructions = "Be brief." }; }, ct);
            return (await call.SendMessage(question).Completion).Transcript;
        });
        #endregion
        began(app);
        #region Program 1
        await app.RunAsync();
        #endregion
    }
}
