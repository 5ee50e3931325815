using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Anybody may implement <see cref="IHotView"/>: tables that do not say what it promises make the reader of any order decline,
/// instead of reading behind the message or taking one name for another.
/// </summary>
public sealed class HotNamesTests
{
    private const int LengthOfType = 15;
    private const int SecondLetterOfType = 2;
    private const int BehindType = 6;

    public HotNamesTests() => Assert.SkipUnless(AnyOrderReader.IsSupported, "This processor, or the runtime as it was started, has no vectors.");

    [Fact]
    public void SoundTables_AreUsed() => Assert.True(IsRead<Altered<Nothing>>());

    /// <summary>The type stands 300 bytes into the message: a name of 255 bytes would end behind it.</summary>
    [Fact]
    public void LengthBeyondItsEntry_IsNotBelieved() => Assert.False(IsRead<Altered<LongName>>());

    [Fact]
    public void LengthWithoutTheClosingQuote_IsNotBelieved()
    {
        Assert.False(HotNames<Altered<ShortName>>.AreSound);
        Assert.False(IsRead<Altered<ShortName>>());
    }

    [Fact]
    public void NameThatIsNotAllCompared_IsNotBelieved() => Assert.False(IsRead<Altered<LooseName>>());

    /// <summary>It would be compared with what stands behind the name in a message.</summary>
    [Fact]
    public void LetterBehindTheName_IsNotBelieved()
    {
        Assert.False(HotNames<Altered<LongerThanItsLength>>.AreSound);
        Assert.False(IsRead<Altered<LongerThanItsLength>>());
    }

    [Fact]
    public void NameOfAnotherSlot_IsNotBelieved()
    {
        Assert.False(HotNames<Altered<OtherName>>.AreSound);
        Assert.False(IsRead<Altered<OtherName>>());
    }

    /// <summary>All members but the last are as long as they may be, and the message is as short as it may be.</summary>
    private static bool IsRead<TView>()
        where TView : struct, IHotView
    {
        string[] members =
        [
            $"\"event_id\":      \"{new string('e', 31)}\"",
            $"\"response_id\":      \"{new string('r', 31)}\"",
            $"\"item_id\":      \"{new string('i', 31)}\"",
            "\"output_index\":      123456789",
            "\"content_index\":      123456789",
            $"\"delta\":      \"{new string('A', 28)}\"",
            "\"type\":      \"response.output_audio.delta\"",
        ];
        byte[] message = Encoding.ASCII.GetBytes(("{" + new string(' ', 15) + string.Join(",     ", members)).PadRight(511) + "}");
        Assert.Equal(512, message.Length);
        using var memory = new GuardedMemory(message.Length);
        Span<byte> guarded = memory.AtEnd(message.Length);
        message.CopyTo(guarded);
        return AnyOrderReader.TryRead<TView>(guarded, new byte[21], new Slot[9], out _);
    }

    private static ReadOnlySpan<HotMember> MembersOf<TView>()
        where TView : struct, IHotView, allows ref struct => TView.HotMembers;

    private static int SlotIn<TView>(ReadOnlySpan<byte> name)
        where TView : struct, IHotView, allows ref struct => TView.SlotOf(name);

    private static uint FactorOf<TView>()
        where TView : struct, IHotView, allows ref struct => TView.NameFactor;

    private static ReadOnlySpan<byte> RowsOf<TView>()
        where TView : struct, IHotView, allows ref struct => TView.NameRows;

    private static byte[] EntriesOf<TView, TAlteration>()
        where TView : struct, IHotView, allows ref struct
        where TAlteration : IAlteration
    {
        byte[] entries = TView.NameEntries.ToArray();
        entries[TAlteration.Place] = TAlteration.Value;
        return entries;
    }

    /// <summary>The view of audio, with one byte of its names altered.</summary>
    private readonly struct Altered<TAlteration> : IHotView
        where TAlteration : IAlteration
    {
        private static readonly byte[] Entries = EntriesOf<ResponseOutputAudioDeltaView, TAlteration>();

        public static int HotKind => 0;

        public static ReadOnlySpan<HotMember> HotMembers => MembersOf<ResponseOutputAudioDeltaView>();

        public static uint NameFactor => FactorOf<ResponseOutputAudioDeltaView>();

        public static ReadOnlySpan<byte> NameRows => RowsOf<ResponseOutputAudioDeltaView>();

        public static ReadOnlySpan<byte> NameEntries => Entries;

        public static int SlotOf(ReadOnlySpan<byte> name) => SlotIn<ResponseOutputAudioDeltaView>(name);
    }

    private interface IAlteration
    {
        static abstract int Place { get; }

        static abstract byte Value { get; }
    }

    private readonly struct Nothing : IAlteration
    {
        public static int Place => 0;

        public static byte Value => (byte)'"';
    }

    private readonly struct LongName : IAlteration
    {
        public static int Place => LengthOfType;

        public static byte Value => byte.MaxValue;
    }

    private readonly struct ShortName : IAlteration
    {
        public static int Place => LengthOfType;

        public static byte Value => 5;
    }

    private readonly struct LooseName : IAlteration
    {
        public static int Place => SecondLetterOfType;

        public static byte Value => 0;
    }

    private readonly struct LongerThanItsLength : IAlteration
    {
        public static int Place => BehindType;

        public static byte Value => (byte)':';
    }

    private readonly struct OtherName : IAlteration
    {
        public static int Place => SecondLetterOfType;

        public static byte Value => (byte)'i';
    }
}
