using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Hosting;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// One dry run when the host starts: frames of every protocol and the filters between their rates, and a session that is opened, claims its place in the journal, and is closed again. It is tried until it succeeds; until then the gateway is not
/// ready.
/// </summary>
internal sealed class WarmUpAtStart(VoiceGatewayOptions options, VoiceSessionFactory sessions, TimeProvider time, ILogger<VoiceCall> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private volatile string? _missing = options.WarmUp ? "It has not been warmed up yet." : null;

    /// <summary>Why it is not ready; null when it is. The reason holds no secret.</summary>
    public string? Missing => _missing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.WarmUp)
        {
            return;
        }

        await Task.Yield();
        long began = time.GetTimestamp();
        TimeSpan wait = FirstWait;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                RunCodecs();
                await RunSessionAsync(stoppingToken).ConfigureAwait(false);
                _missing = null;
                GatewayLog.Warm(logger, time.GetElapsedTime(began).TotalMilliseconds);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                _missing = failure is RealtimeConnectException connect ? $"No session could be opened: {connect.Failure}." : $"No session could be opened: {failure.GetType().Name}.";
                GatewayLog.NotWarm(logger, _missing, wait.TotalSeconds);
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private static void RunCodecs()
    {
        var frames = new OutgoingFrames();
        var twilio = new TwilioProtocol();
        byte[] silence = new byte[160];
        foreach (string frame in (string[])
            [
                """{"event":"connected"}""",
                """{"event":"start","streamSid":"s","start":{"callSid":"c","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}""",
                """{"event":"media","media":{"payload":"////"}}""",
                """{"event":"mark","mark":{"name":"c0t1b1"}}""",
            ])
        {
            twilio.Take(Encoding.UTF8.GetBytes(frame), isText: true, frames);
        }

        twilio.WriteAudio(frames, turn: 1, end: silence.Length, silence);
        new AudioConverter(AudioEncoding.G711MuLaw, AudioEncoding.Pcm16).Convert(silence);
        new AudioConverter(AudioEncoding.Pcm16, AudioEncoding.Pcm(8_000)).Convert(silence);
    }

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        VoiceSession session = await sessions.ConnectAsync(options.WarmUpSession, static o => o.CallId = $"warm-up-{Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await session.Input.WriteAsync(new byte[session.Input.Encoding.BytesIn(TimeSpan.FromMilliseconds(20))], cancellationToken).ConfigureAwait(false);
            await session.CloseAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
