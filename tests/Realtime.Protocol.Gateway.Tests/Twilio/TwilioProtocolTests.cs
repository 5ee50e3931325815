using System.Text;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Twilio's frames by their bytes: what each means, what goes out, and what ends the call.</summary>
public class TwilioProtocolTests
{
    private readonly OutgoingFrames _frames = new();

    [Fact]
    public void TheDocumentedFrames_MeanWhatTheySay()
    {
        var protocol = new TwilioProtocol();

        Assert.Equal(CallerWord.Nothing, Take(protocol, TwilioPhone.Connected).Word);
        CallerSays start = Take(protocol, TwilioPhone.Start());
        Assert.Equal((TwilioPhone.CallSid, TwilioPhone.StreamSid), (start.Introduction!.Id, start.Introduction.StreamId));
        Assert.Equal(new Dictionary<string, string> { ["FirstName"] = "Jane", ["LastName"] = "Doe", ["RemoteParty"] = "Bob" }, start.Introduction.Parameters);
        Assert.Equal([1, 2, 3], Take(protocol, TwilioPhone.Media([1, 2, 3])).Audio.ToArray());
        Assert.Equal('1', Take(protocol, TwilioPhone.Dtmf('1')).Digit);
        CallerSays mark = Take(protocol, TwilioPhone.Mark("c0t3b1600"));
        Assert.Equal((CallerWord.Played, 3, 1_600L), (mark.Word, mark.Turn, mark.Bytes));
        Assert.Equal(CallEndKind.HungUp, Take(protocol, TwilioPhone.Stop()).End!.Kind);
    }

    [Fact]
    public void WhatGoesOut_IsWhatTheDocumentationShows()
    {
        TwilioProtocol protocol = Started();

        protocol.WriteAudio(_frames, turn: 1, end: 3, [1, 2, 3]);
        protocol.WriteTurnEnd(_frames, turn: 1, end: 3);
        protocol.WriteClear(_frames, turn: 1);
        protocol.WriteAudio(_frames, turn: 2, end: 1_600, new byte[1_600]);

        Assert.Equal(
        [
            $$$"""{"event":"media","streamSid":"{{{TwilioPhone.StreamSid}}}","media":{"payload":"AQID"}}""",
            $$$"""{"event":"mark","streamSid":"{{{TwilioPhone.StreamSid}}}","mark":{"name":"c0t1b3"}}""",
            $$$"""{"event":"clear","streamSid":"{{{TwilioPhone.StreamSid}}}"}""",
            $$$"""{"event":"media","streamSid":"{{{TwilioPhone.StreamSid}}}","media":{"payload":"{{{Convert.ToBase64String(new byte[1_600])}}}"}}""",
            $$$"""{"event":"mark","streamSid":"{{{TwilioPhone.StreamSid}}}","mark":{"name":"c1t2b1600"}}""",
        ],
            Written());
    }

    [Fact]
    public void AMark_StandsBehindEvery200Milliseconds_AndAtTheEnd()
    {
        TwilioProtocol protocol = Started();
        for (long end = 400; end <= 5_200; end += 400)
        {
            protocol.WriteAudio(_frames, turn: 1, end, new byte[400]);
        }

        protocol.WriteTurnEnd(_frames, turn: 1, end: 5_200);
        Assert.Equal(["c0t1b1600", "c0t1b3200", "c0t1b4800", "c0t1b5200"], Written().Where(static frame => frame.Contains("\"mark\"", StringComparison.Ordinal)).Select(static frame => frame.Split("\"name\":\"")[1].Split('"')[0]));
    }

    [Theory]
    [InlineData("c0t1b1600", true)]
    [InlineData("c12t3b0", true)]
    [InlineData("", false)]
    [InlineData("my own mark", false)]
    [InlineData("c0t1", false)]
    [InlineData("c0t1b", false)]
    [InlineData("c0t1b5x", false)]
    [InlineData("c99999999999999999999t1b5", false)]
    public void OnlyMarksOfOurs_AreRead(string name, bool isOurs) => Assert.Equal(isOurs, TwilioProtocol.TryReadMark(Encoding.UTF8.GetBytes(name), out _, out _, out _));

    [Fact]
    public void MarksFromBeforeAClear_SayNothing()
    {
        TwilioProtocol protocol = Started();
        protocol.WriteClear(_frames, turn: 1);

        Assert.Equal(CallerWord.Nothing, Take(protocol, TwilioPhone.Mark("c0t2b1600")).Word);
        Assert.Equal(CallerWord.Played, Take(protocol, TwilioPhone.Mark("c1t2b1600")).Word);
    }

    public static TheoryData<string, string> Wrong { get; } = new()
    {
        { "media before connected", TwilioPhone.Media([1]) },
        { "start before connected", TwilioPhone.Start() },
        { "connected twice", TwilioPhone.Connected + "\n" + TwilioPhone.Connected },
        { "media before start", TwilioPhone.Connected + "\n" + TwilioPhone.Media([1]) },
        { "mark before start", TwilioPhone.Connected + "\n" + TwilioPhone.Mark("c0t1b1") },
        { "stop before start", TwilioPhone.Connected + "\n" + TwilioPhone.Stop() },
        { "a second start", TwilioPhone.Connected + "\n" + TwilioPhone.Start() + "\n" + TwilioPhone.Start() },
        { "another codec", TwilioPhone.Connected + "\n" + TwilioPhone.Start(encoding: "audio/l16") },
        { "another rate", TwilioPhone.Connected + "\n" + TwilioPhone.Start(rate: 16_000) },
        { "no callSid", TwilioPhone.Connected + "\n" + """{"event":"start","streamSid":"MZ1","start":{}}""" },
        { "a callSid that breaks a line", TwilioPhone.Connected + "\n" + """{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1\nThe call CA2 ended"}}""" },
        { "no JSON", "hello" },
        { "no object", "[1]" },
        { "cut JSON", """{"event":"connected",""" },
        { "something behind", """{"event":"connected"} {}""" },
        { "no event", """{"streamSid":"MZ1"}""" },
        { "an event that is a number", """{"event":7}""" },
        { "no base64", TwilioPhone.Connected + "\n" + TwilioPhone.Start() + "\n" + """{"event":"media","media":{"payload":"*"}}""" },
        { "half a quantum", TwilioPhone.Connected + "\n" + TwilioPhone.Start() + "\n" + """{"event":"media","media":{"payload":"AAA"}}""" },
        { "no payload", TwilioPhone.Connected + "\n" + TwilioPhone.Start() + "\n" + """{"event":"media","media":{}}""" },
        { "a key that is none", TwilioPhone.Connected + "\n" + TwilioPhone.Start() + "\n" + TwilioPhone.Dtmf('x') },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void FramesOutOfOrder_OrBroken_EndTheCall(string what, string frames)
    {
        var protocol = new TwilioProtocol();
        string[] all = Several.Frames(frames);
        CallerSays last = default;
        for (int i = 0; i < all.Length; i++)
        {
            last = Take(protocol, all[i]);
            Assert.True(i == all.Length - 1 || last.Word is not CallerWord.End, what);
        }

        Assert.Equal((CallerWord.End, CallEndKind.BadFrame), (last.Word, last.End!.Kind));
        Assert.DoesNotContain("CA2", last.End.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ABinaryFrame_EndsTheCall() => Assert.Equal(CallEndKind.BadFrame, Started().Take(new byte[3], isText: false, _frames).End!.Kind);

    [Fact]
    public void WhatCameToTheProtocolLater_IsPassedOver()
    {
        TwilioProtocol protocol = Started();

        Assert.Equal(CallerWord.Nothing, Take(protocol, """{"event":"weather","rain":[1,{"event":"stop"}],"media":7}""").Word);
        Assert.Equal([1], Take(protocol, """{"new":{"payload":"AAAA"},"event":"media","media":{"more":{"payload":"AAAA"},"payload":"AQ=="}}""").Audio.ToArray());
        Assert.Equal(CallerWord.Nothing, Take(protocol, """{"event":"media","media":{"track":"outbound","payload":"AQ=="}}""").Word);
        Assert.Equal([0xFB], Take(protocol, """{"event":"media","media":{"payload":"\u002bw=="}}""").Audio.ToArray());
    }

    [Fact]
    public void AnyFrameThatIsCutOrChanged_IsTakenOrRefused_AndNeverThrows()
    {
        var random = new Random(99);
        string[] frames = [TwilioPhone.Connected, TwilioPhone.Start(), TwilioPhone.Media(new byte[160]), TwilioPhone.Dtmf('1'), TwilioPhone.Mark("c0t1b5"), TwilioPhone.Stop()];
        for (int run = 0; run < 20_000; run++)
        {
            byte[] frame = Encoding.UTF8.GetBytes(frames[random.Next(frames.Length)]);
            int length = random.Next(frame.Length + 1);
            for (int change = random.Next(4); change > 0; change--)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }

            (run % 2 == 0 ? new TwilioProtocol() : Started()).Take(frame.AsMemory(0, random.Next(2) == 0 ? frame.Length : length), isText: true, _frames);
        }
    }

    private TwilioProtocol Started()
    {
        var protocol = new TwilioProtocol();
        Take(protocol, TwilioPhone.Connected);
        Take(protocol, TwilioPhone.Start());
        return protocol;
    }

    private CallerSays Take(TwilioProtocol protocol, string frame) => protocol.Take(Encoding.UTF8.GetBytes(frame), isText: true, _frames);

    private string[] Written() => [.. Enumerable.Range(0, _frames.Count).Select(i => Encoding.UTF8.GetString(_frames[i].Bytes.Span))];

    private static class Several
    {
        // One frame begins where a line begins with a brace that the one before has closed.
        public static string[] Frames(string text) => text.Split("\n{").Aggregate(new List<string>(), static (frames, part) =>
        {
            frames.Add(frames.Count == 0 ? part : "{" + part);
            return frames;
        }).ToArray();
    }
}
