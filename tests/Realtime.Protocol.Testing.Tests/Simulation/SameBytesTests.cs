using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// The same clients get the same bytes: everything that the simulator wants done for random clients, as one hash that stands here. A change
/// of its form leaves the hash alone; whoever changes what it says puts the new one here, on purpose, and says what changed.
/// </summary>
/// <remarks>
/// Changed with the tables of client events, in 154 of 300 sessions and in nothing else: a negative index or time and a number out of range are
/// refused by <c>integer_below_min_value</c> and its like, before the item is looked for; an unknown member is refused in every event; what is no
/// JSON is said to be none, also where a value of the wrong type stands before the fault; an item that is refused draws no id.
/// Changed with the minimum of speech and the hysteresis: speech is told when 60 ms of it were heard, and less starts nothing. The random clients have the new switches, too.
/// Changed with the clock of the audio, which goes on when the format of the input changes: milliseconds that were counted in bytes of the old format stay as they were.
/// Changed with what the input buffer holds while nobody speaks: a commit beside detection then makes an item of the padding and one second, and not of up to a minute.
/// Changed with the random clients, who say all that the schema has, to servers of every kind; and with what is due late, which happens at its own time and not at that of the call.
/// </remarks>
public class SameBytesTests
{
    private const int Sessions = 150;

    // More sessions than these are compared by setting REALTIME_SAME_BYTES to their number, before and after a change: the failure shows the hash.
    private const string Recorded = "16a4b3f4090bc74b99d4cdf31cb0dfec53ea8511";

    [Fact]
    public void RandomClients_GetTheRecordedBytes()
    {
        string? wish = Environment.GetEnvironmentVariable("REALTIME_SAME_BYTES");
        int sessions = wish is null ? Sessions : int.Parse(wish, CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int seed = 0; seed < sessions; seed++)
        {
            new RandomClient(new Random(seed)).Run(seed, effect =>
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{effect.Kind} {effect.At} {effect.CloseStatus} {effect.CloseReason} {effect.Message.Length} ")));
                hash.AppendData(effect.Message.Span);
            });
        }

        Assert.Equal(Recorded, Convert.ToHexStringLower(hash.GetHashAndReset())[..40]);
    }
}
