using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;
using Realtime.Protocol.Testing.Tests.Scenarios;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>A command line, a scenario's file and C# can say the same faults and the same switches.</summary>
public class FaultSpellingTests
{
    public static TheoryData<string> Names => [.. FaultCatalogue.Rows.Select(static row => row.Name)];

    /// <summary>Every method of a plan with all that it takes, as a file writes it.</summary>
    public static TheoryData<string, string> Written => new()
    {
        { "drop", """{"fault":"drop","at":"error"}""" },
        { "drop", """{"fault":"drop","at":"any","nth":"every"}""" },
        { "drop", """{"fault":"drop","at":"client:response.create","nth":2,"connection":3,"chance":0.25}""" },
        { "drop", """{"fault":"drop","at":"client:any","nth":7}""" },
        { "repeat", """{"fault":"repeat","at":"error","value":3}""" },
        { "late", """{"fault":"late","at":"error","nth":2,"for":500}""" },
        { "swap", """{"fault":"swap","at":"error"}""" },
        { "stall", """{"fault":"stall","at":"error","for":"forever","bytes":4}""" },
        { "inject", """{"fault":"inject","at":"error","value":{"type":"x.unknown"}}""" },
        { "inject", """{"fault":"inject","at":"error","value":"{ no json"}""" },
        { "alter", """{"fault":"alter","at":"error","member":"error.event_id","value":null}""" },
        { "alter", """{"fault":"alter","at":"error","member":"error.code","value":"other"}""" },
        { "alter", """{"fault":"alter","at":"error","member":"error","value":{"n":1.50}}""" },
        { "remove", """{"fault":"remove","at":"error","member":"error.code"}""" },
        { "ghost-done", """{"fault":"ghostDone","at":"error"}""" },
        { "cut", """{"fault":"cut","at":"error","bytes":20}""" },
        { "pad", """{"fault":"pad","at":"error","value":65536}""" },
        { "binary", """{"fault":"binary","at":"error"}""" },
        { "bad-utf8", """{"fault":"badUtf8","at":"error"}""" },
        { "masked", """{"fault":"masked","at":"error"}""" },
        { "reserved-bit", """{"fault":"reservedBit","at":"error"}""" },
        { "close", """{"fault":"close","at":"error","value":1011,"reason":"It fell over."}""" },
        { "fin", """{"fault":"fin","at":"error","bytes":17}""" },
        { "reset", """{"fault":"reset","at":"error"}""" },
        { "reset", """{"fault":"reset","at":"30000ms"}""" },
        { "deaf", """{"fault":"deaf","at":"client:response.create","nth":2,"for":10000}""" },
        { "deaf", """{"fault":"deaf","at":"any","for":"forever"}""" },
        { "noise", """{"fault":"noise","chance":0.5,"value":0.1}""" },
        { "fragment", """{"fault":"fragment","value":16}""" },
        { "fragment", """{"fault":"fragment","at":"error","nth":"every","value":16}""" },
        { "trickle", """{"fault":"trickle","connection":2,"value":1}""" },
        { "pings", """{"fault":"pings","at":"any"}""" },
        { "no-pong", """{"fault":"noPong"}""" },
        { "ping", """{"fault":"ping","for":200}""" },
        { "http", """{"fault":"http","value":429,"retry":2}""" },
        { "slow-accept", """{"fault":"slowAccept","for":5000}""" },
        { "no-subprotocol", """{"fault":"noSubprotocol"}""" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatACommandLineSays_AFileSays(string name)
    {
        FaultRow row = FaultCatalogue.Rows.Single(row => row.Name == name);
        string value = row.Values.Split(", ")[^1].Split('|')[0] switch
        {
            "n" => ":2",
            "MEMBER=JSON" => ":error.event_id=null",
            "" => "",
            var other => ":" + other,
        };
        SimulatorOptions wished = new SimulatorOptions().WithFault($"{name}{value}{(row.HasPlace ? "@response.done/2,conn=3,chance=0.5" : "")}");
        string file = Scenario.Empty.With(wished.Service).With(wished.Faults).ToJson();

        SimulatorOptions read = Scenario.Parse(file).ToOptions();

        Assert.Contains($"\"{Camel(name)}\"", file, StringComparison.Ordinal);
        Assert.Equal(wished.Service, read.Service);
        Assert.Equal(wished.Faults.Wishes, read.Faults.Wishes);
        Assert.Equal(row.IsSwitch, !read.Faults.Wishes.Any());
        (bool fits, string why) = SchemaTests.Fit(file);
        Assert.True(fits, why);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void AFile_WritesAFaultAsItWasRead(string name, string fault)
    {
        Assert.Contains(FaultCatalogue.Rows, row => row.Name == name);
        string file = $$"""{"faults":[{{fault}}]}""";

        string written = Scenario.Parse(file).ToJson();

        Assert.Equal(fault, Compact(JsonNode.Parse(written)!["faults"]![0]!));
        Assert.Equal(written, Scenario.Parse(written).ToJson());
        (bool fits, string why) = SchemaTests.Fit(file);
        Assert.True(fits, why);
    }

    [Fact]
    public void EveryFaultOfTheCatalogue_IsWrittenAbove() =>
        Assert.Equal(FaultCatalogue.Rows.Where(static row => !row.IsSwitch).Select(static row => row.Name), Written.Select(static row => row.Data.Item1).Distinct());

    [Fact]
    public void EverySwitch_OffItsDefault_ComesBackFromAFile()
    {
        foreach (FaultRow row in FaultCatalogue.Rows.Where(static row => row.IsSwitch))
        {
            foreach (string value in row.Values.Split(", ").Select(static value => value == "n" ? "7" : value))
            {
                ServiceSwitches service = new SimulatorOptions().WithFault($"{row.Name}:{value}").Service;
                Assert.Equal(service, Scenario.Parse(Scenario.Empty.With(service).ToJson()).ToOptions().Service);
            }
        }
    }

    [Fact]
    public void WhatAMethodOfAPlanSays_AFileSays()
    {
        FaultPlan plan = FaultPlan.None.Late("error", 1, 500).OnConnection(2).WithChance(0.5).Noise(0.2).CloseAt("response.done", FaultPlan.Every, 1005).OnConnection(FaultPlan.Every).DropFromClient(FaultPlan.AnyEvent, 3).InjectBefore("error", 2, "half a \"text");

        FaultPlan read = Scenario.Parse(Scenario.Empty.With(plan).ToJson()).ToOptions().Faults;

        Assert.Equal(plan.Wishes, read.Wishes);
        Assert.Equal(["late", "noise", "close", "drop", "inject"], read.Wishes.Select(static wish => wish.Split(':', '@')[0]));
    }

    private static string Camel(string kebab) => string.Concat(kebab.Split('-').Select(static (word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Compact(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
