using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Items;

/// <summary>A turn's stream: which part's bytes lie where, against a model that writes down every single byte.</summary>
public class TurnSoundTests
{
    [Fact]
    public void EveryPartIsHeard_AsAByteByByteModelSays_InWhateverOrderDeltasCome()
    {
        int seed = Seeds.Next();
        for (int run = 0; run < 20_000; run++)
        {
            var random = new Random(seed + run);
            var sound = new TurnSound(1);
            SoundPart[] parts = Parts(random.Next(1, 6));
            var bytes = new List<SoundPart?>();
            long most = 0;
            for (int step = random.Next(1, 30); step > 0; step--)
            {
                if (random.Next(3) == 0)
                {
                    long position = random.Next(0, bytes.Count + 20);
                    most = Math.Max(most, Math.Min(position, bytes.Count));
                    sound.Report(position);
                }
                else
                {
                    // Now and then audio of a part that nobody keeps.
                    SoundPart? part = random.Next(10) == 0 ? null : parts[random.Next(parts.Length)];
                    int count = random.Next(1, 40);
                    sound.Receive(part, count);
                    bytes.AddRange(Enumerable.Repeat(part, count));
                }
            }

            sound.Locate();
            foreach (SoundPart part in parts)
            {
                Assert.True(
                    part.Heard == bytes.Take((int)most).Count(owner => owner == part) && part.Received == bytes.Count(owner => owner == part),
                    $"seed {seed}, run {run}: part {part.ContentIndex} heard {part.Heard} of {part.Received}");
            }
        }
    }

    [Fact]
    public void BeyondTheLimit_NoPartCountsAsLessHeardThanItWas_AndTheEndIsExact()
    {
        int seed = Seeds.Next();
        for (int run = 0; run < 5_000; run++)
        {
            var random = new Random(seed + run);
            int limit = random.Next(1, 6);
            var sound = new TurnSound(1, limit);
            SoundPart[] parts = Parts(random.Next(2, 5));
            var bytes = new List<SoundPart?>();
            int spans = 0;
            int exactUntil = 0;
            for (int step = random.Next(1, 30); step > 0; step--)
            {
                SoundPart part = parts[random.Next(parts.Length)];
                spans += bytes.Count == 0 || bytes[^1] != part ? 1 : 0;
                int count = random.Next(1, 40);
                sound.Receive(part, count);
                bytes.AddRange(Enumerable.Repeat<SoundPart?>(part, count));
                exactUntil = spans <= limit ? bytes.Count : exactUntil;
            }

            int position = random.Next(0, bytes.Count + 1);
            sound.Report(position);
            sound.Locate();
            foreach (SoundPart part in parts)
            {
                int heard = bytes.Take(position).Count(owner => owner == part);
                bool isExact = position <= exactUntil || position == bytes.Count;
                Assert.True(isExact ? part.Heard == heard : part.Heard >= heard && part.Heard <= part.Received, $"seed {seed}, run {run}: {part.Heard}, not {heard}");
            }

            Assert.Equal(spans > limit, sound.IsUnordered);
        }
    }

    [Fact]
    public void APartIsListedOnce_HoweverOftenItComes()
    {
        var sound = new TurnSound(1);
        SoundPart[] parts = Parts(2);
        sound.Receive(parts[0], 1);
        sound.Receive(parts[1], 1);
        sound.Receive(parts[0], 1);
        Assert.Equal(parts, sound.Parts);
    }

    [Fact]
    public void OneByte_IsHeard_AndSoIsNone()
    {
        var sound = new TurnSound(1);
        sound.Receive(Parts(1)[0], 2);
        sound.Take(-1);
        Assert.Equal(default, sound.Heard);
        sound.Take(0);
        Assert.Equal(default, sound.Heard);
        sound.Take(1);
        Assert.Equal(new HeardAudio(1, HeardBasis.Read), sound.Heard);
        sound.Report(-1);
        Assert.Equal(new HeardAudio(0, HeardBasis.Reported), sound.Heard);
        Assert.False(sound.IsPlaying);
        sound.Report(1);
        Assert.True(sound.IsPlaying);
        sound.Report(2);
        Assert.False(sound.IsPlaying);
    }

    [Fact]
    public void APlaceAtTheEndOfAStretch_IsBeforeWhatFollows()
    {
        var sound = new TurnSound(1);
        SoundPart[] parts = Parts(2);
        sound.Receive(parts[0], 100);
        sound.Receive(parts[1], 50);
        sound.Receive(parts[0], 100);
        Assert.Equal((100, 151), (sound.PositionOf(parts[0], 100), sound.PositionOf(parts[0], 101)));
    }

    [Fact]
    public void APlaceBeyondTheLimit_IsAsFarAsItCanBe()
    {
        var sound = new TurnSound(1, maxSpans: 2);
        SoundPart[] parts = Parts(4);
        sound.Receive(parts[0], 100);
        sound.Receive(parts[1], 100);
        sound.Receive(parts[2], 50);
        sound.Receive(parts[1], 30);
        sound.Receive(parts[3], 1);
        Assert.Equal((100, 100), (sound.PositionOf(parts[0], 100), sound.PositionOf(parts[0], 999)));
        Assert.Equal((200, 201, 220, 230), (sound.PositionOf(parts[1], 100), sound.PositionOf(parts[1], 101), sound.PositionOf(parts[1], 120), sound.PositionOf(parts[1], 999)));
        Assert.Equal((0, 201, 220, 250), (sound.PositionOf(parts[2], 0), sound.PositionOf(parts[2], 1), sound.PositionOf(parts[2], 20), sound.PositionOf(parts[2], 999)));
        Assert.Equal(201, sound.PositionOf(parts[3], 1));
    }

    [Fact]
    public void APlaceInAPart_IsThePlaceInTheStreamWhereThatMuchOfItWasPlayed()
    {
        int seed = Seeds.Next();
        for (int run = 0; run < 5_000; run++)
        {
            var random = new Random(seed + run);
            var sound = new TurnSound(1);
            SoundPart[] parts = Parts(3);
            for (int step = random.Next(3, 20); step > 0; step--)
            {
                sound.Receive(parts[random.Next(parts.Length)], random.Next(1, 40));
            }

            SoundPart part = parts[random.Next(parts.Length)];
            long bytes = random.NextInt64(0, part.Received + 10);
            sound.Report(sound.PositionOf(part, bytes));
            sound.Locate();
            Assert.True(part.Heard == Math.Min(bytes, part.Received), $"seed {seed}, run {run}: {part.Heard}, not {bytes} of {part.Received}");
        }
    }

    [Fact]
    public void WhatIsHeard_RestsOnTheBestEvidence()
    {
        var sound = new TurnSound(1);
        sound.Receive(Parts(1)[0], 1_000);
        Assert.Equal(default, sound.Heard);

        sound.Take(600);
        Assert.Equal(new HeardAudio(600, HeardBasis.Read), sound.Heard);
        sound.Take(200); // what was handed out was given back
        Assert.Equal(new HeardAudio(200, HeardBasis.Read), sound.Heard);

        sound.Report(0);
        Assert.Equal(new HeardAudio(0, HeardBasis.Reported), sound.Heard);
        sound.Report(100);
        sound.Report(50);
        Assert.Equal(new HeardAudio(100, HeardBasis.Reported), sound.Heard);
        sound.Report(5_000);
        Assert.Equal(new HeardAudio(1_000, HeardBasis.Reported), sound.Heard);
    }

    [Fact]
    public void AfterItWasSilenced_ReportsChangeNothing()
    {
        var sound = new TurnSound(1);
        sound.Receive(Parts(1)[0], 1_000);
        sound.Report(100);
        sound.Close();
        sound.Report(900);
        sound.Take(900);
        Assert.Equal(new HeardAudio(100, HeardBasis.Reported), sound.Heard);
    }

    [Fact]
    public void ItIsAtItsEnd_OnlyWhenNothingMoreComesAndAllWasHeard()
    {
        SoundPart part = Parts(1)[0];
        var sound = new TurnSound(1);
        sound.Receive(part, 1_000);
        part.IsWhole = true;
        Assert.Equal((false, false), (sound.IsAtItsEnd, sound.IsPlaying)); // nobody said anything

        sound.Report(0);
        Assert.Equal((false, false), (sound.IsAtItsEnd, sound.IsPlaying));
        sound.Report(999);
        Assert.Equal((false, true), (sound.IsAtItsEnd, sound.IsPlaying));
        sound.Report(1_000);
        Assert.Equal((true, false), (sound.IsAtItsEnd, sound.IsPlaying));
        part.IsWhole = false;
        Assert.Equal((false, false), (sound.IsAtItsEnd, sound.IsPlaying));
    }

    private static SoundPart[] Parts(int count) => [.. Enumerable.Range(0, count).Select(i => new SoundPart(new TrackedItem($"item_{i}"), i))];
}
