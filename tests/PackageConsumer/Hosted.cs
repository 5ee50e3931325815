using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Realtime.Protocol.Hosting;

/// <summary>The package of the host, alone: two kinds of calls from two sections, and a section with a mistake in it, which keeps a host from starting.</summary>
internal static class Hosted
{
    public static async Task<string> CheckAsync()
    {
        HostApplicationBuilder good = Builder("Session:Voice");
        good.Services.AddVoiceSessions("night", good.Configuration.GetSection("Voice"));
        using IHost host = good.Build();
        await host.StartAsync();
        int active = host.Services.GetRequiredService<VoiceSessionFactory>().Active;
        await host.StopAsync();

        using IHost bad = Builder("Sessoin:Voice").Build();
        try
        {
            await bad.StartAsync();
            return $"{active} calls, and a mistake that nobody saw";
        }
        catch (OptionsValidationException refused)
        {
            return $"{active} calls; {refused.Message}";
        }
    }

    private static HostApplicationBuilder Builder(string key)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [$"Voice:{key}"] = "marin" });
        builder.Services.AddVoiceSessions("day", builder.Configuration.GetSection("Voice"));
        return builder;
    }
}
