using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Schema;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Every kind of server event decides something, or stands among those that do not, with the reason.</summary>
public class FactKindTests
{
    public static TheoryData<ServerEventKind> Kinds => [.. Enum.GetValues<ServerEventKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void B7_B17_EveryKindOfEvent_HasAFact_OrAReason(ServerEventKind kind)
    {
        List<SessionFactKind> facts = [];
        foreach (Example example in Example.All.Where(static example => example is { Family: "realtime", Direction: "server" }))
        {
            Assert.True(ServerEvent.TryRead(example.Json, out ServerEvent e, out _));
            if (e.Kind == kind)
            {
                facts.Add(FactOf.Of(in e).Kind);
            }
        }

        if (NoConcern.Because.TryGetValue(kind, out string? reason))
        {
            Assert.NotEmpty(reason);
            Assert.All(facts, static fact => Assert.Equal(SessionFactKind.None, fact));
        }
        else
        {
            Assert.NotEmpty(facts);
            Assert.All(facts, static fact => Assert.NotEqual(SessionFactKind.None, fact));
        }
    }

    [Fact]
    public void UNK01_AnEventOfALaterDay_IsNoConcern()
    {
        byte[] message = Encoding.UTF8.GetBytes("""{"type":"response.tomorrow","response_id":"r"}""");
        Assert.True(ServerEvent.TryRead(message, out ServerEvent e, out _));
        Assert.Equal(SessionFactKind.None, FactOf.Of(in e).Kind);
    }
}
