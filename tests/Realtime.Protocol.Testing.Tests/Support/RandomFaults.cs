using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Any few of the faults that leave a server's order as it is: what the client says is lost, what the server says is late as a whole, grown, marked or poorer, or the connection ends.</summary>
internal static class RandomFaults
{
    private static readonly string[] Said = ["session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "response.create", "response.cancel", "conversation.item.create", "conversation.item.delete"];
    private static readonly string[] Heard = ["session.updated", "conversation.item.added", "response.created", "response.output_audio.delta", "response.done", "error", FaultPlan.AnyEvent];

    public static FaultPlan Next(Random random)
    {
        FaultPlan plan = FaultPlan.None;
        for (int count = random.Next(4); count > 0; count--)
        {
            string heard = Heard[random.Next(Heard.Length)];
            int nth = random.Next(FaultPlan.Every, 6);
            plan = random.Next(8) switch
            {
                0 or 1 or 2 => plan.DropFromClient(Said[random.Next(Said.Length)], nth),
                3 => plan.Stall(heard, nth, random.Next(2_000)),
                4 => plan.Pad(heard, nth, random.Next(3_000)),
                5 => plan.Fragment(random.Next(1, 50), heard, nth),
                6 => plan.Remove("response.done", nth, "response.usage"),
                _ => plan.CloseAt(heard, random.Next(5, 40), 1011),
            };
        }

        return plan;
    }
}
