using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting.Tests.Sessions;

/// <summary>Sessions from the options of a host: which ones, of whose copy, how many are open.</summary>
public class VoiceSessionFactoryTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task Connect_OpensASessionOfTheConfiguration_OnTheHostsClockAndLog()
    {
        await using TestHost host = await TestHost.StartAsync();

        await using VoiceSession session = await host.Calls.ConnectAsync(o => o.CallId = "call-7", Stop);

        Assert.Equal("marin", session.Configuration.Voice!.Value.Name);
        Assert.Equal(host.Time.GetUtcNow() + TimeSpan.FromHours(1), session.ExpiresAt!.Value, TimeSpan.FromSeconds(1));
        await session.DisposeAsync();
        Assert.Contains(host.Log.Lines, static line => line.Text.StartsWith("Session ready.", StringComparison.Ordinal) && line.Text.Contains("call-7", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatIsChangedForOneSession_IsNotChangedForTheNext()
    {
        await using TestHost host = await TestHost.StartAsync();
        VoiceSessionOptions? seen = null;

        await using VoiceSession first = await host.Calls.ConnectAsync(
            o =>
            {
                seen = o;
                o.Headers["X"] = "1";
                o.Session = o.Session with { Voice = "cedar" };
            },
            Stop);
        await using VoiceSession second = await host.Calls.ConnectAsync(o => Assert.True(o != seen && o.Headers.Count == 0), Stop);

        Assert.Equal(("cedar", "marin"), (first.Configuration.Voice!.Value.Name, second.Configuration.Voice!.Value.Name));
        Assert.Equal("marin", host.Services.GetRequiredService<IOptionsMonitor<VoiceSessionOptions>>().CurrentValue.Session.Voice!.Value.Name);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Names_KeepTheirConfigurationsApart()
    {
        await using TestHost host = await TestHost.StartAsync(
            more: static (services, _) => services.AddVoiceSessions("sales", Read.Root("""{ "Session": { "Voice": "cedar" } }""").GetSection("Voice")).Configure<TimeProvider>(static (o, time) => TestHost.InMemory(o, (Testing.VirtualTime)time)));

        await using VoiceSession session = await host.Calls.ConnectAsync("sales", cancellationToken: Stop);
        await using VoiceSession other = await host.Calls.ConnectAsync(cancellationToken: Stop);

        Assert.Equal(("cedar", "marin", 2), (session.Configuration.Voice!.Value.Name, other.Configuration.Voice!.Value.Name, host.Calls.Active));
        ArgumentException unknown = await Assert.ThrowsAsync<ArgumentException>(() => host.Calls.ConnectAsync("Sales", cancellationToken: Stop));
        Assert.StartsWith("No voice sessions named \"Sales\" were added. There are: without a name, named \"sales\".", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Calls.CreateClientSecretAsync("none", cancellationToken: Stop));
    }

    [Fact]
    public void OneNameTwice_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddVoiceSessions("sales", Read.Root("{}"));

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => services.AddVoiceSessions("sales", Read.Root("{}")));

        Assert.StartsWith("Voice sessions named \"sales\" were added before.", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Active_CountsWhatIsOpen_HoweverItEnds()
    {
        await using TestHost host = await TestHost.StartAsync();
        Assert.Equal(0, host.Calls.Active);

        VoiceSession[] sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Calls.ConnectAsync(cancellationToken: Stop)));
        Assert.Equal(20, host.Calls.Active);
        await sessions[0].CloseAsync(Stop);
        await sessions[1].DisposeAsync();
        await Task.WhenAll(sessions[2..10].Select(static session => session.CloseAsync(Stop)));

        Assert.Equal(10, host.Calls.Active);
        await Task.WhenAll(sessions.Select(static session => session.DisposeAsync().AsTask()));
        Assert.Equal(0, host.Calls.Active);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatCannotBeConnected_IsToldToTheCaller_AndIsNotActive()
    {
        await using TestHost host = await TestHost.StartAsync(configure: static (o, _) => o.Transport = static (_, _) => throw new RealtimeConnectException(RealtimeConnectFailure.Refused, "Nobody."));

        Assert.Equal(RealtimeConnectFailure.Refused, (await Assert.ThrowsAsync<RealtimeConnectException>(() => host.Calls.ConnectAsync(cancellationToken: Stop))).Failure);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => host.Calls.ConnectAsync(o => o.Session = o.Session with { Speed = double.NaN }, Stop));
        await Assert.ThrowsAsync<NotSupportedException>(() => host.Calls.ConnectAsync(static _ => throw new NotSupportedException(), Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Calls.ConnectAsync(cancellationToken: new(canceled: true)));

        Assert.Equal(0, host.Calls.Active);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("""{ "Sesion": { "Voice": "marin" } }""", "Voice:Sesion is unknown: did you mean Session?")]
    [InlineData("""{ "Credential": "sk-canary-1", "Endpoint": "ws://example.com/v1/realtime" }""", "Voice: The credential would travel unencrypted to example.com.")]
    [InlineData("""{ "Headers": { "A b": "sk-canary-1" } }""", "Voice: \"A b\" is no name of a header")]
    [InlineData("""{ "Headers": { "Authorization": "sk-canary-1\u00e4" } }""", "Voice: The header Authorization holds a character outside printable ASCII at position 11")]
    public async Task AWrongConfiguration_FailsTheStart(string voice, string begins)
    {
        await using TestHost host = TestHost.Build(voice, configure: static (_, _) => { });

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.StartsWith(begins, Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatCodeSetsWrongly_FailsTheStart()
    {
        await using TestHost host = TestHost.Build(configure: static (o, _) => o.Session = o.Session with { Tools = [Clock, Clock] });

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.StartsWith("Voice: Two tools are named \"clock\".", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AChangedConfiguration_HoldsForNewSessions()
    {
        await using TestHost host = await TestHost.StartAsync();
        await using VoiceSession before = await host.Calls.ConnectAsync(cancellationToken: Stop);

        host.Configuration["Voice:Session:Voice"] = "cedar";
        host.Configuration.Reload();

        await using VoiceSession after = await host.Calls.ConnectAsync(cancellationToken: Stop);
        Assert.Equal(("marin", "cedar"), (before.Configuration.Voice!.Value.Name, after.Configuration.Voice!.Value.Name));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AConfigurationThatChangesToAMistake_IsToldAndLeftOut_UntilItIsMended()
    {
        await using TestHost host = await TestHost.StartAsync();
        await (await host.Calls.ConnectAsync(cancellationToken: Stop)).DisposeAsync();

        host.Configuration["Voice:Session:Speed"] = "fast-canary";
        host.Configuration["Voice:Session:Voice"] = "cedar";
        host.Configuration.Reload();
        await using VoiceSession during = await host.Calls.ConnectAsync(cancellationToken: Stop);

        Assert.Equal("marin", during.Configuration.Voice!.Value.Name);
        (LogLevel level, string text) = Assert.Single(host.Log.Lines, static line => line.Text.Contains("new sessions keep the last good one", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("Voice:Session:Speed is not what it takes: a number", text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));

        host.Configuration["Voice:Session:Speed"] = "1.1";
        host.Configuration.Reload();
        await using VoiceSession mended = await host.Calls.ConnectAsync(cancellationToken: Stop);
        Assert.Equal(("cedar", 1.1), (mended.Configuration.Voice!.Value.Name, mended.Configuration.Speed));
    }

    private static VoiceTool Clock => VoiceTool.Declare("clock", "Tells the time.", """{"type":"object"}""");
}
