using System.ClientModel;
using System.Runtime.CompilerServices;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using RealtimeClient = OpenAI.Realtime.RealtimeClient;
using RealtimeClientOptions = OpenAI.Realtime.RealtimeClientOptions;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>
/// The middleware of Microsoft.Extensions.AI that runs functions: after the output of each call it asks for a response, while the one that calls still runs. On our adapter no rule is broken; what is broken on the adapter that it was
/// written for is listed in a file beside this one. After an intended change of the list: REALTIME_APPROVE=1.
/// </summary>
public sealed class FunctionInvocationTests
{
    private const string Approved = "tests/Realtime.Protocol.AI.Tests/Clients/OpenAIAdapterViolations.approved.txt";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoParallelCalls_OnOurAdapter_BreakNoRule(bool concurrently)
    {
        await using Talk talk = await Talk.BeginAsync(Kitchen.Asked, use: builder => builder.UseFunctionInvocation(configure: middleware => middleware.AllowConcurrentInvocation = concurrently), simulated: Kitchen.Options);

        await talk.SayAsync(Kitchen.Order);
        await talk.AskAsync();
        OutputTextAudioRealtimeServerMessage written = await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);
        await talk.UntilDoneAsync();

        Assert.Equal(Kitchen.Answer, written.Text);
        Assert.Empty(talk.Server.Violations);
        Assert.Empty(talk.Read.OfType<ErrorRealtimeServerMessage>());
        Assert.Equal(2, talk.Server.Transcript.ClientTypes.Count(static type => type == "response.create"));
        Assert.Equal(3, talk.Server.Transcript.ClientTypes.Count(static type => type == "conversation.item.create")); // the question and two outputs
    }

    [Fact]
    public async Task TwoParallelCalls_OnOurAdapter_OverASocket_BreakNoRule()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { Simulator = Kitchen.Options }, Stop);
        using IRealtimeClient client = new VoiceSessionOptions { Endpoint = simulator.Endpoint }.AsRealtimeClient().AsBuilder().UseFunctionInvocation().Build();

        (string answer, IReadOnlyList<Violation> violations) = await OrderAsync(client, simulator);
        Assert.Equal(Kitchen.Answer, answer);
        Assert.Empty(violations);

        using var http = new HttpClient { BaseAddress = simulator.HttpEndpoint };
        Assert.DoesNotContain("rule", await http.GetStringAsync("violations", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoParallelCalls_OnTheAdapterOverTheOpenAISdk_BreakTheseRules()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { Simulator = Kitchen.Options }, Stop);
        var sdk = new RealtimeClient(new ApiKeyCredential("key"), new RealtimeClientOptions { Endpoint = new(simulator.HttpEndpoint, "v1") });
        using IRealtimeClient client = new OpenAIRealtimeClient(sdk, "gpt-realtime").AsBuilder().UseFunctionInvocation().Build();

        (_, IReadOnlyList<Violation> violations) = await OrderAsync(client, simulator);

        string[] found = [.. violations.Select(static violation => $"{violation.EventType} [{violation.Rule}]: {violation.Instead}")];
        string path = Path.Combine(RepositoryFolder.Root, Approved);
        string[] approved = (await File.ReadAllTextAsync(path, Stop)).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
        {
            approved = [.. approved.Union(found).Order(StringComparer.Ordinal)];
            await File.WriteAllTextAsync(path, string.Join('\n', approved) + "\n", Stop);
        }

        // Which one depends on whether the first function has answered before the response that calls has ended.
        Assert.NotEmpty(found);
        Assert.Subset(approved.ToHashSet(), found.ToHashSet());
    }

    [Fact]
    public async Task FunctionsOfTheSession_AreRunByTheSession_OnceAndAlone()
    {
        int runs = 0;
        VoiceTool count = VoiceTool.Create("count", "Counts.", """{"type":"object"}""", call => $"run {Interlocked.Increment(ref runs)}");
        await using Talk talk = await Talk.BeginAsync(
            null, options => options.Session = SessionConfiguration.TextChat with { Tools = [count] }, static builder => builder.UseFunctionInvocation());

        await talk.SayAsync("tool: count");
        await talk.AskAsync();
        OutputTextAudioRealtimeServerMessage written = await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);
        await talk.UntilDoneAsync();

        Assert.Contains("run 1", written.Text, StringComparison.Ordinal);
        Assert.Equal(1, runs);
        Assert.Empty(talk.Server.Violations);
        Assert.Equal(2, talk.Server.Transcript.ClientTypes.Count(static type => type == "response.create"));
    }

    /// <summary>Why a call that the session runs is not told as a call where calls are run.</summary>
    [Fact]
    public async Task TheMiddleware_RunsACallThatIsInformationalOnly()
    {
        int runs = 0;
        AIFunction function = AIFunctionFactory.Create(() => Interlocked.Increment(ref runs), "f", "F.");
        var told = new FunctionCallContent("call_1", "f", new Dictionary<string, object?>()) { InformationalOnly = true };
        using IRealtimeClient client = new OneMessage(new ResponseOutputItemRealtimeServerMessage(RealtimeServerMessageType.ResponseOutputItemDone) { Item = new([told]) }, function).AsBuilder().UseFunctionInvocation().Build();
        await using IRealtimeClientSession session = await client.CreateSessionAsync(null, Stop);

        await foreach (RealtimeServerMessage message in session.GetStreamingResponseAsync(Stop))
        {
            Assert.NotNull(message);
        }

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task AnOutputThatIsAskedAbout_AndThenSomethingElse_AreTwoQuestions()
    {
        await using Talk talk = await Talk.BeginAsync(Kitchen.Asked, simulated: Kitchen.Options);
        await talk.SayAsync(Kitchen.Order);
        await talk.AskAsync();
        string[] calls = [await NextCallAsync(talk), await NextCallAsync(talk)];

        await talk.SendAsync(new CreateConversationItemRealtimeClientMessage(new([new FunctionResultContent(calls[0], "hot")])));
        await talk.AskAsync();
        await talk.SendAsync(new CreateConversationItemRealtimeClientMessage(new([new FunctionResultContent(calls[1], 4)])));
        await talk.SayAsync("And the bread?");
        await talk.AskAsync();
        await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);
        await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);

        Assert.Equal(3, talk.Server.Transcript.ClientTypes.Count(static type => type == "response.create"));
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task AnOutputThatIsGivenTwice_IsRefused()
    {
        await using Talk talk = await Talk.BeginAsync(Kitchen.Asked, simulated: Kitchen.Options);
        await talk.SayAsync(Kitchen.Order);
        await talk.AskAsync();
        var output = new CreateConversationItemRealtimeClientMessage(new([new FunctionResultContent(await NextCallAsync(talk), "hot")]));
        await talk.SendAsync(output);

        Assert.Equal("FC-03", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => talk.SendAsync(output))).Rule);
    }

    [Fact]
    public async Task ACallBesideTheConversation_IsAnsweredThere()
    {
        await using Talk talk = await Talk.BeginAsync(Kitchen.Asked, use: static builder => builder.UseFunctionInvocation());
        await talk.SendAsync(new CreateResponseRealtimeClientMessage { ExcludeFromConversation = true, Items = [new([new TextContent("tool: heat {\"dish\":\"soup\"}")], role: ChatRole.User)] });
        OutputTextAudioRealtimeServerMessage written = await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);
        await talk.UntilDoneAsync();

        Assert.Contains("soup is hot", written.Text, StringComparison.Ordinal);
        Assert.Equal(2, talk.Server.Transcript.ClientTypes.Count(static type => type == "response.create"));
        Assert.Empty(talk.Session.GetService<VoiceSession>()!.Conversation.Items);
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task AFunctionThatFails_IsToldInTheMiddlewaresWords_AndTheTurnGoesOn()
    {
        AIFunction fails = AIFunctionFactory.Create(static string () => throw new InvalidOperationException("secret"), "fail", "Fails.");
        await using Talk talk = await Talk.BeginAsync(new() { Tools = [fails] }, use: static builder => builder.UseFunctionInvocation());

        await talk.SayAsync("tool: fail");
        await talk.AskAsync();
        OutputTextAudioRealtimeServerMessage written = await talk.UntilAsync<OutputTextAudioRealtimeServerMessage>(RealtimeServerMessageType.OutputTextDone);

        Assert.Contains("Function invocation failed", written.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", written.Text, StringComparison.Ordinal);
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task ASessionThatIsDisposedWhileAToolRuns_EndsItsReaderWithTheReason()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        AIFunction slow = AIFunctionFactory.Create(
            () =>
            {
                running.SetResult();
                return release.Task;
            },
            "slow",
            "Takes long.");
        Talk talk = await Talk.BeginAsync(new() { Tools = [slow] }, use: static builder => builder.UseFunctionInvocation());
        await talk.SayAsync("tool: slow");
        await talk.AskAsync();
        Task reading = talk.ToTheEndAsync();

        await running.Task.WaitAsync(Patience, Stop);
        await talk.Session.DisposeAsync();
        release.SetResult("late");

        RealtimeClosedException closed = await Assert.ThrowsAsync<RealtimeClosedException>(() => reading);
        Assert.Equal(RealtimeCloseKind.ByUs, closed.Reason.Kind);
    }

    private static async Task<string> NextCallAsync(Talk talk) =>
        ((FunctionCallContent)((ResponseOutputItemRealtimeServerMessage)await talk.UntilAsync(static message =>
            message is ResponseOutputItemRealtimeServerMessage { Item.Contents: [FunctionCallContent { InformationalOnly: false }] })).Item!.Contents[0]).CallId;

    // Looked at before the session is left: how a client leaves is another matter.
    private static async Task<(string Answer, IReadOnlyList<Violation> Violations)> OrderAsync(IRealtimeClient client, RealtimeSimulatorHost simulator)
    {
        await using IRealtimeClientSession session = await client.CreateSessionAsync(Kitchen.Asked, Stop);
        await session.SendAsync(new CreateConversationItemRealtimeClientMessage(new([new TextContent(Kitchen.Order)], role: ChatRole.User)), Stop);
        await session.SendAsync(new CreateResponseRealtimeClientMessage(), Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        await foreach (ResponseCreatedRealtimeServerMessage done in session.GetStreamingResponseAsync(patience.Token).OfType<ResponseCreatedRealtimeServerMessage>())
        {
            if (done.Type == RealtimeServerMessageType.ResponseDone && done.Items?.SelectMany(static item => item.Contents).OfType<TextContent>().FirstOrDefault() is { } answer)
            {
                return (answer.Text, simulator.Violations);
            }
        }

        return ("", simulator.Violations);
    }

    private sealed class OneMessage(RealtimeServerMessage message, AITool tool) : IRealtimeClient, IRealtimeClientSession
    {
        public RealtimeSessionOptions? Options { get; } = new() { Tools = [tool] };

        public Task<IRealtimeClientSession> CreateSessionAsync(RealtimeSessionOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult<IRealtimeClientSession>(this);

        public Task SendAsync(RealtimeClientMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public async IAsyncEnumerable<RealtimeServerMessage> GetStreamingResponseAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return message;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public ValueTask DisposeAsync() => default;

        public void Dispose()
        {
        }
    }
}
