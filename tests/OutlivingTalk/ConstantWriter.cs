using System.Globalization;
using System.Text;

namespace Realtime.Protocol.OutlivingTalk;

/// <summary>An owner of a call that saves all the time, each save a number larger than the one before, until it is killed. Each line ends with a full stop, so that one that was cut off is known.</summary>
public static class ConstantWriter
{
    public const string CallId = "call-8";

    private const int LongestBytes = 300_000;

    public static async Task RunAsync(string folder)
    {
        var journal = new FileJournal(folder);
        JournalClaim claim = await journal.ClaimAsync(CallId, "writer", CancellationToken.None);
        Say($"fence {claim.Fence}.");
        for (int number = claim.Checkpoint is { } stored ? NumberOf(stored.Span) + 1 : 1; await journal.SaveAsync(CallId, claim.Fence, Body(number), CancellationToken.None); number++)
        {
            Say($"saved {number}.");
        }
    }

    /// <summary>Which save this is.</summary>
    /// <exception cref="InvalidDataException">It is none as a whole.</exception>
    public static int NumberOf(ReadOnlySpan<byte> body)
    {
        int number = int.Parse(body[..body.IndexOf((byte)' ')], CultureInfo.InvariantCulture);
        return body.SequenceEqual(Body(number)) ? number : throw new InvalidDataException($"Save {number} is not whole.");
    }

    // Of different lengths, so that no remains of one are taken for another.
    private static byte[] Body(int number)
    {
        byte[] prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} "));
        byte[] body = new byte[prefix.Length + (number * 7_919 % LongestBytes)];
        body.AsSpan().Fill((byte)('a' + (number % 26)));
        prefix.CopyTo(body, 0);
        return body;
    }

    private static void Say(FormattableString line)
    {
        Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        Console.Out.Flush();
    }
}
