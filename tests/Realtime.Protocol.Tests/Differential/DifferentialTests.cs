using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Realtime.Protocol.Tests.Wire;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>
/// Every fast path against the strict reader, and that against the platform's, on sessions that follow from a seed. The environment variable
/// REALTIME_DIFFERENTIAL_MESSAGES asks for another number of messages, REALTIME_TEST_SEED for other ones.
/// </summary>
public class DifferentialTests
{
    /// <summary>The share of each family, in percent.</summary>
    public static TheoryData<string, string, int> Families => new()
    {
        { "realtime", "server", 70 },
        { "realtime", "client", 10 },
        { "translation", "server", 15 },
        { "translation", "client", 5 },
    };

    private const int MessagesOfASession = 500;

    // A run of so many tells how far it is; a shorter one is over before one asks.
    private const long ManyMessages = 10_000_000;
    private const long MessagesBetweenTellings = 2_000_000;
    private const int LargestDestination = 8_192;

    private static long Messages =>
        long.TryParse(Environment.GetEnvironmentVariable("REALTIME_DIFFERENTIAL_MESSAGES"), CultureInfo.InvariantCulture, out long messages) ? messages : Thoroughness.Of(1_000_000);

    [Theory]
    [MemberData(nameof(Families))]
    public void EveryWayToRead_AgreesWithTheStrictReader(string family, string direction, int percent)
    {
        IReadOnlyList<EventTemplate> templates = EventTemplate.Of(family, direction);
        int seed = Seeds.Next();
        long sessions = Math.Max(1, Messages * percent / 100 / MessagesOfASession);
        var met = new Met();
        string? failure = null;
        long began = Stopwatch.GetTimestamp();
        long done = 0;
        Parallel.For(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (session, others) =>
        {
            if (RunSession(new Random(HashCodeOf(seed, session)), WaysToRead.Of(family, direction), templates, met) is { } difference)
            {
                failure ??= $"REALTIME_TEST_SEED={seed}, {family}/{direction}, session {session}, {difference}";
                others.Stop();
            }

            if (Messages >= ManyMessages && Interlocked.Increment(ref done) % (MessagesBetweenTellings / MessagesOfASession) == 0)
            {
                Tell("so far");
            }
        });
        Assert.True(failure is null, failure);

        // Neither the generator nor the fast paths may have gone quiet.
        long messages = sessions * MessagesOfASession;
        if (Messages >= ManyMessages)
        {
            Tell("in all");
        }

        Assert.InRange(met.Read, messages / 4, messages * 9 / 10);
        Assert.InRange(met.SameItem, messages / 25, messages);
        Assert.InRange(met.SameItemInPieces, messages / 25, messages);

        void Tell(string when) => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{family}/{direction}, seed {seed}: {Interlocked.Read(ref done) * MessagesOfASession:N0} messages of {sessions * MessagesOfASession:N0} agree {when}, {Stopwatch.GetElapsedTime(began):hh\\:mm\\:ss}"));
    }

    [Fact]
    public void EveryEventWithFastPaths_IsCompared()
    {
        int compared = Families.Sum(static row => WaysToRead.Of(row.Data.Item1, row.Data.Item2).HotKinds);
        Assert.Equal(typeof(ServerEvent).Assembly.GetTypes().Count(static type => type.GetInterfaces().Contains(typeof(IHotView))), compared);
    }

    /// <summary>Reads one session in all ways, and says where they first differ.</summary>
    private static string? RunSession(Random random, WaysToRead ways, IReadOnlyList<EventTemplate> templates, Met all)
    {
        var met = new Met();
        var messages = new SessionMessages(random, templates);
        var previous = new PreviousEvents(ways);
        var strict = new Reading();
        var fast = new Reading();
        byte[] destination = new byte[LargestDestination];
        var pieces = new List<ReadOnlyMemory<byte>>();
        byte[] memory = [];
        for (int i = 0; i < MessagesOfASession; i++)
        {
            byte[] message = messages.Next();
            Span<byte> audio = destination.AsSpan(0, DestinationLength(random, messages.AudioLength));
            ways.Thoroughly = i % 8 == 0;
            ways.Strict(message, audio, strict);
            bool isSameItem = previous.IsSameItem(message, strict);
            string way = "strictly";
            string? difference = PlatformJudge.ObjectionTo(strict, message);
            if (difference is null)
            {
                way = "in one piece";
                ways.Fast(message, audio, fast);
                met.SameItem += fast.SameItem ? 1 : 0;
                difference = Difference(fast, strict, isSameItem);
            }

            if (difference is null)
            {
                way = "in pieces";
                ReadOnlySequence<byte> torn = Torn(random, message, pieces, ref memory);
                ways.Fast(torn, audio, fast);
                met.SameItemInPieces += fast.SameItem ? 1 : 0;
                difference = Difference(fast, strict, isSameItem);

                // What was decoded piece by piece is shown by getters of its own: all of them, every time.
                if (difference is null && fast is { SameItem: true, HasAudio: true } && !ways.Thoroughly)
                {
                    ways.Thoroughly = true;
                    ways.Strict(message, audio, strict);
                    ways.Fast(torn, audio, fast);
                    difference = Difference(fast, strict, isSameItem);
                }
            }

            if (difference is not null)
            {
                return $"message {i} {way}, room for {audio.Length} bytes: {difference}\n{Encoding.UTF8.GetString(message)}\nas base64: {Convert.ToBase64String(message)}";
            }

            met.Read += strict.WasRead ? 1 : 0;
        }

        all.Add(met);
        return null;
    }

    private static string? Difference(Reading fast, Reading strict, bool isSameItem) =>
        fast.DifferenceFrom(strict) ?? fast.DifferenceFromPlatform() ?? (fast.SameItem && !isSameItem ? "the same item, strictly another one" : null);

    /// <summary>Most often enough; now and then exactly enough, too little, or nothing.</summary>
    private static int DestinationLength(Random random, int audioLength) => random.Next(12) switch
    {
        0 => 0,
        1 => audioLength,
        2 => Math.Max(0, audioLength - 1),
        3 => random.Next(audioLength + 70),
        _ => LargestDestination,
    };

    /// <summary>The message in pieces, with other bytes between them, so that whoever reads over the end of a piece reads wrong ones.</summary>
    /// <param name="pieces">Reused; holds the pieces afterwards.</param>
    /// <param name="memory">Reused where it is large enough; holds the bytes afterwards.</param>
    private static ReadOnlySequence<byte> Torn(Random random, byte[] message, List<ReadOnlyMemory<byte>> pieces, ref byte[] memory)
    {
        const int Between = 3;
        int largest = random.Next(10) == 0 ? 8 : Math.Max(2, message.Length / random.Next(1, 5));
        int room = (message.Length + 2) * (Between + 1);
        memory = memory.Length < room ? new byte[room] : memory;
        memory.AsSpan(0, room).Fill((byte)'"');
        pieces.Clear();
        int to = 0;

        // The first piece decides whether audio is decoded piece by piece: often it holds all that stands before the audio.
        int first = random.Next(3) == 0 ? random.Next(message.Length / 4, message.Length + 1) : random.Next(largest + 1);
        for (int from = 0; from < message.Length || pieces.Count == 0;)
        {
            int length = Math.Min(pieces.Count == 0 ? first : random.Next(largest + 1), message.Length - from);
            message.AsSpan(from, length).CopyTo(memory.AsSpan(to));
            pieces.Add(memory.AsMemory(to, length));
            from += length;
            to += length + (length == 0 ? 0 : Between);
        }

        return Segments.Of([.. pieces]);
    }

    private static int HashCodeOf(int seed, long session) => unchecked((int)((((ulong)seed << 32) ^ (ulong)session) * 0x9E3779B97F4A7C15UL >> 33));

    /// <summary>What the messages were like.</summary>
    private sealed class Met
    {
        public long Read { get; set; }

        public long SameItem { get; set; }

        public long SameItemInPieces { get; set; }

        public void Add(Met other)
        {
            lock (this)
            {
                Read += other.Read;
                SameItem += other.SameItem;
                SameItemInPieces += other.SameItemInPieces;
            }
        }
    }
}
