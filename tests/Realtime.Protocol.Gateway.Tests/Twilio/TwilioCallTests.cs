using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Whole calls in Twilio's documented frames, over a WebSocket on loopback, with the simulator as the model.</summary>
public class TwilioCallTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACall_PassesMuLawThrough_BothWays()
    {
        byte[] answer = SpeakingModel.Sound(4_000);
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync(new SpeakingModel(answer), options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        });
        await using TwilioPhone phone = await TwilioPhone.DialAsync(gateway);

        byte[] question = TwilioPhone.Question();
        await phone.SpeakAsync(question);
        byte[] heard = await phone.PlayAsync(answer.Length);
        await phone.Line.SayAsync(TwilioPhone.Stop());

        Assert.Equal(answer, heard);
        VoiceCall call = await answered.Task;
        Assert.Equal((TwilioPhone.CallSid, TwilioPhone.StreamSid, "Jane"), (call.Id, call.StreamId, call.Parameters["FirstName"]));
        Assert.Equal((AudioEncoding.G711MuLaw, TimeSpan.FromMilliseconds(question.Length / 8)), (call.Session.Input.Encoding, call.Session.Input.Sent));
        Assert.Equal(CallEndKind.HungUp, (await call.Ended.WaitAsync(Stop)).Kind);
        Assert.Equal(RealtimeCloseKind.ByUs, (await call.Session.Ended).Kind);
        Assert.Contains("HungUp", await gateway.EndLineAsync(TwilioPhone.CallSid), StringComparison.Ordinal);
        Assert.Equal(0, gateway.Sessions.Active);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task MarksThatComeBack_SayWhatWasHeard()
    {
        var began = new TaskCompletionSource<Turn>();
        await using TestGateway gateway = await StartAsync(new SpeakingModel(SpeakingModel.Sound(4_000)), options => options.OnAnswered = (call, _) =>
        {
            began.SetResult(call.Session.Respond());
            return Task.CompletedTask;
        });
        await using TwilioPhone phone = await TwilioPhone.DialAsync(gateway);
        Turn turn = await began.Task;

        JsonNode[] marks = [await NextMarkAsync(phone), await NextMarkAsync(phone), await NextMarkAsync(phone)];
        Assert.Equal(["c0t1b1600", "c0t1b3200", "c0t1b4000"], marks.Select(static mark => (string)mark["mark"]!["name"]!));
        Assert.Equal(new(0, HeardBasis.Reported), turn.Heard);
        await phone.Line.SayAsync(TwilioPhone.Mark("c0t1b1600"));
        await phone.Line.SayAsync(TwilioPhone.Dtmf('5')); // in order behind the mark
        while (turn.Heard.Bytes == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(new(1_600, HeardBasis.Reported), turn.Heard);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ABargeIn_Clears_AndMarksFromBeforeSayNothing()
    {
        var began = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync(new SpeakingModel(SpeakingModel.Sound(16_000)), options => options.OnAnswered = (call, _) =>
        {
            call.Session.Respond();
            began.SetResult(call);
            return Task.CompletedTask;
        });
        await using TwilioPhone phone = await TwilioPhone.DialAsync(gateway);
        VoiceCall call = await began.Task;
        for (int i = 0; i < 10; i++)
        {
            await NextMarkAsync(phone);
        }

        call.Session.Interrupt();
        JsonNode clear = await phone.Line.HearAsync(static frame => (string)frame["event"]! == "clear");
        Assert.Equal($$"""{"event":"clear","streamSid":"{{TwilioPhone.StreamSid}}"}""", clear.ToJsonString());

        // Twilio sends back what it passed over; the next turn is told by the marks behind the clear.
        Turn next = call.Session.Respond();
        for (int i = 1; i <= 10; i++)
        {
            await phone.Line.SayAsync(TwilioPhone.Mark($"c0t1b{i * 1_600}"));
            await phone.Line.SayAsync(TwilioPhone.Mark($"c0t2b{i * 1_600}"));
        }

        string mark = (string)(await NextMarkAsync(phone))["mark"]!["name"]!;
        Assert.Equal("c1t2b1600", mark);
        Assert.Equal(new(0, HeardBasis.Reported), next.Heard);
        await phone.Line.SayAsync(TwilioPhone.Mark(mark));
        while (next.Heard.Bytes == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(1_600, next.Heard.Bytes);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Keys_AreTold_InOrder()
    {
        var digits = new List<char>();
        var done = new TaskCompletionSource();
        await using TestGateway gateway = await StartAsync(new SpeakingModel([1, 2]), options => options.OnDigit = (_, digit, _) =>
        {
            digits.Add(digit);
            if (digit == '#')
            {
                done.SetResult();
            }

            return digits.Count == 2 ? throw new InvalidOperationException("not mine") : Task.CompletedTask;
        });
        await using TwilioPhone phone = await TwilioPhone.DialAsync(gateway);

        foreach (char digit in "12*#")
        {
            await phone.Line.SayAsync(TwilioPhone.Dtmf(digit));
        }

        await done.Task.WaitAsync(Stop);
        Assert.Equal("12*#", string.Concat(digits));
        Assert.Contains(gateway.Log.Lines, static line => line.Text.StartsWith("OnDigit of the call", StringComparison.Ordinal));
    }

    private static Task<JsonNode> NextMarkAsync(TwilioPhone phone) => phone.Line.HearAsync(static frame => (string)frame["event"]! == "mark");

    private static Task<TestGateway> StartAsync(ISimulatedModel model, Action<TwilioMediaStreamsOptions> configure) => TestGateway.StartAsync(
        app => app.MapTwilioMediaStreams("/twilio", options =>
        {
            options.AllowUnsigned = true;
            configure(options);
        }),
        new SimulatorOptions { Speaker = model, Pace = ResponsePace.Immediate });
}
