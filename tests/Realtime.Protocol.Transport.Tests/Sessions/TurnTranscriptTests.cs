using System.Text;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a turn says: by item and part, whatever the order in which the server sends it.</summary>
public sealed class TurnTranscriptTests
{
    [Fact]
    public void B11_ItemsThatComeMixed_AreOneLineEach_AndTheirWholeTextIsNotAddedAgain()
    {
        var talk = new Script();
        talk.Piece("m1", 0, "Hel");
        talk.Piece("m2", 1, "Wor");
        talk.Piece("m1", 0, "lo");
        talk.Piece("m2", 1, "ld");
        talk.Whole("m1", 0, "Hello");
        talk.Whole("m2", 1, "World");
        Assert.Equal("Hello\nWorld", talk.Result);
        Assert.Equal([("m1", "Hel"), ("m2", "\nWor"), ("m1", "lo"), ("m2", "ld")], talk.Shown);
    }

    [Fact]
    public void TheAnswersOrder_Counts_AndNotThatOfArrival()
    {
        var talk = new Script();
        talk.Piece("m2", 1, "World");
        talk.Piece("m1", 0, "again.", part: 1);
        talk.Piece("m1", 0, "Hello");
        talk.Piece("m3", 0, "Goodbye.", response: 2);
        talk.Piece("m4", 2, "Late.");
        Assert.Equal("Hello\nagain.\nWorld\nLate.\nGoodbye.", talk.Result);
    }

    [Fact]
    public void F10_WholeText_ReplacesPiecesWithHalfCharacters()
    {
        var talk = new Script();
        talk.Piece("m", 0, "hi \ufffd");
        talk.Piece("m", 0, "\ufffd there");
        talk.Whole("m", 0, "hi \ud83d\ude00 there");
        Assert.Equal("hi \ud83d\ude00 there", talk.Result);
    }

    [Fact]
    public void WholeTextAlone_IsShown_AndOnce()
    {
        var talk = new Script();
        talk.Whole("m", 0, "Hello");
        talk.Whole("m", 0, "Hello");
        talk.Piece("m", 0, "Hello");
        Assert.Equal("Hello", talk.Result);
        Assert.Equal([("m", "Hello")], talk.Shown);
    }

    [Fact]
    public void EmptyOrMissingWholeText_LeavesThePieces()
    {
        var talk = new Script();
        talk.Piece("m", 0, "Hello");
        talk.Whole("m", 0, "");
        talk.Whole("m", 0, null);
        talk.Piece("m", 0, " there.");
        Assert.Equal("Hello there.", talk.Result);
    }

    [Fact]
    public void WholeTextOfAnEarlierResponse_FindsItsPieces()
    {
        var talk = new Script();
        talk.Piece("m1", 0, "Hel");
        talk.Piece("m2", 0, "World", response: 2);
        talk.Whole("m1", 0, "Hello", response: 2);
        Assert.Equal("Hello\nWorld", talk.Result);
    }

    [Fact]
    public void ItemThatIsNotNamed_IsKnownByItsPlace()
    {
        var talk = new Script();
        talk.Piece("m1", 0, "Hel");
        talk.Piece("", 0, "lo");
        talk.Piece("", 1, "World");
        Assert.Equal("Hello\nWorld", talk.Result);
    }

    [Fact]
    public void MoreParts_ThanAnyAnswerHas_AreNotKept()
    {
        var talk = new Script();
        for (int i = 0; i < TurnTranscript.MaxEntries + 10; i++)
        {
            talk.Piece($"m{i}", i, "x");
        }

        talk.Piece("m0", 0, "y");
        Assert.Equal(TurnTranscript.MaxEntries, talk.Result.Split('\n').Length);
        Assert.StartsWith("xy\n", talk.Result);
    }

    [Fact]
    public async Task B11_SessionsTranscript_IsJoinedByItem_AndItsPiecesNameThem()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual());
        Turn turn = session.SendMessage("Two items, please.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "m1");
        await server.BeginItemAsync("resp_1", "m2");
        await SayAsync(server, "delta", "m1", 0, "Hello");
        await SayAsync(server, "delta", "m2", 1, "World");
        await SayAsync(server, "done", "m1", 0, "Hello");
        await SayAsync(server, "done", "m2", 1, "World");
        await server.EndItemAsync("resp_1", "m1");
        await server.EndItemAsync("resp_1", "m2");
        await server.DoneAsync("resp_1");

        Assert.Equal("Hello\nWorld", (await turn.EndAsync()).Transcript);
        var pieces = new List<TurnUpdate.TranscriptDelta>();
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.TranscriptDelta piece)
            {
                pieces.Add(piece);
            }
        }

        Assert.Equal([("m1", "Hello"), ("m2", "\nWorld")], pieces.Select(piece => (piece.ItemId, piece.Text)));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task B10_TokensOfAResponse_CountOnce_WhenItsEndComesTwice()
    {
        const string Usage = """{"total_tokens":10,"input_tokens":7,"output_tokens":3}""";
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.AddTool("clock", "", "{}", (_, _) => new("12:00"));
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("What time is it?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_1", "call_1", "clock", "{}");
        await server.DoneAsync("resp_1", usage: Usage);
        await server.DoneAsync("resp_1", usage: Usage);
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", []);

        Assert.Equal(10 + 30, (await turn.EndAsync()).Usage?.Total);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task B9_WhatTheServerRefused_IsToldByTheTurnThatWentOn()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn first = session.SendMessage("One.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        Turn shared = session.SendMessage("Two.");
        Assert.Same(shared, session.SendMessage("Three."));
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        JsonObject refused = await server.ExpectAsync("conversation.item.create");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"No.","param":null,"event_id":"{{{refused["event_id"]}}}"}}""");
        await server.DoneAsync("resp_1");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", []);

        TurnResult result = await shared.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal("invalid_value", Assert.Single(result.RejectedInput).Code);
        Assert.Empty((await first.EndAsync()).RejectedInput);
        await server.EndAsync(session);
    }

    private static Task SayAsync(ScriptedServer server, string what, string item, int outputIndex, string text) => server.SendAsync(
        $$"""{"type":"response.output_audio_transcript.{{what}}","response_id":"resp_1","item_id":"{{item}}","output_index":{{outputIndex}},"content_index":0,"{{(what == "done" ? "transcript" : "delta")}}":"{{text}}"}""");

    private sealed class Script
    {
        private readonly TurnTranscript _transcript = new();

        public List<(string Item, string Text)> Shown { get; } = [];

        public string Result => _transcript.ToString();

        public void Piece(string item, int outputIndex, string text, int part = 0, int response = 1) => Say(item, outputIndex, part, response, text, isWhole: false);

        public void Whole(string item, int outputIndex, string? text, int part = 0, int response = 1) => Say(item, outputIndex, part, response, text, isWhole: true);

        private void Say(string item, int outputIndex, int part, int response, string? text, bool isWhole)
        {
            byte[] message = Encoding.UTF8.GetBytes(new JsonObject
            {
                ["type"] = "response.output_text.done",
                ["event_id"] = "event_1",
                ["response_id"] = "A",
                ["item_id"] = item,
                ["output_index"] = outputIndex,
                ["content_index"] = part,
                ["text"] = text ?? "",
            }.ToJsonString());
            Assert.True(ServerEvent.TryRead(message, out ServerEvent e, out _));
            Assert.True(e.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView view));
            TextView said = text is null ? default : view.Text;
            var place = new TurnTranscript.Place(response, Encoding.UTF8.GetBytes(item), outputIndex, part);
            if (isWhole ? _transcript.Complete(place, said, out TranscriptPiece piece) : _transcript.Append(place, said, out piece))
            {
                Shown.Add((piece.ItemId, piece.Text));
            }
        }
    }
}
