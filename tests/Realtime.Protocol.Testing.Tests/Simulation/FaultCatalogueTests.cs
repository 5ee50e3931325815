using System.Reflection;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>The words for faults: every method and every switch has a name, and what can't be understood is told in a sentence.</summary>
public class FaultCatalogueTests
{
    public static TheoryData<string> Names => [.. FaultCatalogue.Rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryExample_IsUnderstood_AndChangesSomething(string name)
    {
        FaultRow row = FaultCatalogue.Rows.Single(row => row.Name == name);
        string example = name switch
        {
            "alter" => "alter:error.event_id=null@error/1",
            "late-deltas" => "late-deltas:2",
            "truncation-skew-ms" => "truncation-skew-ms:85",
            "min-speech-ms" => "min-speech-ms:200",
            "hysteresis-db" => "hysteresis-db:0",
            _ => row.Example,
        };

        SimulatorOptions options = new SimulatorOptions().WithFault(example);

        Assert.NotEqual(new SimulatorOptions(), options);
        Assert.Equal(row.IsSwitch, options.Service != ServiceSwitches.Default);
    }

    [Fact]
    public void EveryWish_IsWrittenAgain_AsItIsRead()
    {
        string[] wishes =
        [
            "winner:client", "rejection:after-done", "late-deltas:2", "errors-name-their-event:false", "truncation-skew-ms:85", "beta-header:accept", "conversation-created:true",
            "drop@response.done/1", "repeat:3@response.done/every", "late:500ms@any/7", "swap@error/1,conn=2", "stall:30000ms@response.done/1", "stall:forever,17@response.done/1",
            "inject:{\"a\":\"b@c/1,conn=2\"}@response.done/1", "alter:error.event_id=null@error/1", "remove:response.usage@response.done/1,chance=0.25", "ghost-done@response.done/1",
            "cut:20@response.done/1", "pad:16777216@response.done/1", "binary@error/1", "bad-utf8@error/1", "masked@error/1", "reserved-bit@error/1", "close:1011@error/1",
            "close:4000 Too late, @ all.@error/2,conn=3,chance=0.5", "fin:17@error/1", "reset:0@error/1", "reset:0@30000ms/1", "drop@1500ms/every,conn=2", "deaf:10000ms@client:response.create/2", "deaf:forever@error/1", "deaf:5ms@client:any/every", "noise:0.1,conn=4", "fragment:16@any/every", "trickle:1@response.done/2", "pings@any/every",
            "no-pong", "ping:200ms", "http:429,retry=2", "http:503,conn=2", "slow-accept:5000ms", "no-subprotocol", "drop@client:response.create/2",
        ];
        SimulatorOptions options = wishes.Aggregate(new SimulatorOptions(), static (options, wish) => options.WithFault(wish));

        Assert.Equal(wishes, FaultCatalogue.Wishes(options));
        Assert.Empty(FaultCatalogue.Rows.Where(static row => !row.IsSwitch).Select(static row => row.Name).Except(wishes.Select(static wish => wish.Split(':', '@', ',')[0])));
    }

    [Fact]
    public void EveryMethodOfAPlan_AndEverySwitch_HasItsName()
    {
        string[] methods = [.. typeof(FaultPlan).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static method => method.ReturnType == typeof(FaultPlan)).Select(static method => method.Name)];
        Assert.All(FaultCatalogue.Rows.Where(static row => row.IsSwitch), static row => Assert.All(row.Values.Split(", ").Skip(1).Select(static value => value == "n" ? "7" : value), value =>
            Assert.Equal([$"{row.Name}:{value}"], FaultCatalogue.Wishes(new SimulatorOptions().WithFault($"{row.Name}:{value}")))));
        string[] spoken = ["CloseAt", "InjectBefore", "PingsBetween", "DropFromClient", "OnConnection", "WithChance"]; // close, inject, pings, drop@client:, conn=, chance=
        string[] names = [.. FaultCatalogue.Rows.Select(static row => row.Name)];
        string[] switches = [.. typeof(ServiceSwitches).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name).Except(["AutoResponse"]), .. typeof(AutoResponse).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name)];

        Assert.Empty(methods.Except(spoken).Select(static method => method == "BadUtf8" ? "bad-utf8" : FaultValue.Kebab(method)).Except(names));
        Assert.Empty(switches.Select(FaultValue.Kebab).Except(names));
        Assert.Equal(names, names.Distinct());
    }

    [Fact]
    public void TheTypesOfEvent_AreTheSchemas()
    {
        string[] Of(string side) => [.. new[] { "realtime", "translation" }.SelectMany(family => Directory.EnumerateFiles(RepositoryFolder.PathOf("schema", family, side), "*.json")).Select(static path => Path.GetFileNameWithoutExtension(path)!).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(Of("server"), EventTypes.Server.Order(StringComparer.Ordinal));
        Assert.Equal(Of("client"), EventTypes.Client.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("lat:500ms@response.done", "There is no fault 'lat'. Did you mean late?")]
    [InlineData("late:500ms@response.don", "'response.don' is no event of the server. Did you mean response.done?")]
    [InlineData("drop@client:response.creat", "'response.creat' is no event of the client. Did you mean response.create?")]
    [InlineData("late:500@response.done", "'500' is no time: it is written like 250ms, 1.5s or 2m.")]
    [InlineData("late:500ms", "late needs a place, such as late:500ms@response.done/1.")]
    [InlineData("drop@response.done/0", "'0' is no whole number from 1 on.")]
    [InlineData("close:1011@30", "'30' is no time: it is written like 250ms, 1.5s or 2m.")]
    [InlineData("deaf:0s@30s", "The value of deaf is wrong: '0s'. It is written like deaf:10s@response.done/1.")]
    [InlineData("drop@client:30s", "'30s' is no event of the client.")]
    [InlineData("noise:0.5@30s", "noise concerns the whole connection and has no place.")]
    [InlineData("drop:3@response.done", "drop has no value.")]
    [InlineData("swap@client:response.create", "swap happens to the server's events; at a client's, only drop and deaf do.")]
    [InlineData("alter:error.code@error", "'error.code' is no member with its value: it is written like error.event_id=null.")]
    [InlineData("alter:error.code=abc@error", "The value of alter is wrong: 'error.code=abc'. It is written like alter:MEMBER=JSON@response.done/1.")]
    [InlineData("rejection:before-create", "'before-create' is nothing that rejection can be: after-created, before-created, after-done. Did you mean before-created?")]
    [InlineData("rejection:before-created@response.done", "rejection concerns the whole connection and has no place.")]
    [InlineData("rejection:before-created,conn=2", "rejection is how the service decides, on every connection and always.")]
    [InlineData("echo-metadata:no", "'no' is nothing that echo-metadata can be: true, false.")]
    [InlineData("http:200", "'200' is no whole number from 400 to 599.")]
    [InlineData("pad:99GiB@error", "'99GiB' is no number of bytes: it is written like 20, 64KiB or 16MiB.")]
    [InlineData("noise:2", "'2' is no share: above 0, and 1 at most, such as 0.1.")]
    [InlineData("drop@error,chance=2", "'2' is no probability: from 0 to 1, such as chance=0.01.")]
    [InlineData("drop@error,conn=x", "'x' is no whole number from 1 on.")]
    [InlineData("remove@error", "A text has to stand behind the colon.")]
    [InlineData("", "There is no fault ''.")]
    public void WhatCantBeUnderstood_IsToldInASentence(string wish, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => new SimulatorOptions().WithFault(wish)).Message);

    [Fact]
    public void AWish_HappensWhereItSays()
    {
        SimulatorOptions options = SimulatedServer.Immediate.WithFault("drop@response.created/1").WithFault("alter:response.status=\"odd, @ all\"@response.done/every").WithFault("late-deltas:3").WithFault("drop@client:session.update/2");
        var server = new SimulatedServer(options, grammar: false);
        server.TakeTurn(Sound.Speech(300));

        Assert.DoesNotContain("response.created", server.Types);
        Assert.Equal("odd, @ all", (string)server.The("response.done")["response"]!["status"]!);
        Assert.Equal(3, options.Service.LateDeltas);
        Assert.Empty(server.Ask("""{"type":"session.update","session":{"type":"realtime"}}"""));
    }
}
