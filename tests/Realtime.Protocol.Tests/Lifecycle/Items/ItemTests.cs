using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Items;

/// <summary>One item and the table of them: its parts in their order, and what is forgotten.</summary>
public class ItemTests
{
    [Fact]
    public void PartsStandInTheirOrder_InWhateverOrderTheyCome()
    {
        var item = new TrackedItem("m");
        SoundPart second = item.PartToReceive(3)!;
        SoundPart third = item.PartToReceive(TrackedItem.MaxParts - 1)!;
        SoundPart first = item.PartToReceive(1)!;
        Assert.Same(second, item.PartToReceive(3));
        Assert.Equal([first, second, third], item.Parts);
        Assert.Null(item.PartToReceive(TrackedItem.MaxParts));
        Assert.Null(item.PartToReceive(-1));
    }

    [Fact]
    public void APartThatIsWhole_StaysSo_WhenAnotherOneEnds()
    {
        var item = new TrackedItem("m");
        SoundPart first = item.PartToReceive(0)!;
        SoundPart second = item.PartToReceive(1)!;
        item.EndAudio(0);
        Assert.Equal((true, false), (first.IsWhole, second.IsWhole));
        item.EndAudio(1);
        Assert.Equal((true, true), (first.IsWhole, second.IsWhole));
    }

    [Fact]
    public void NobodyWaitsForAnItem_ThatTheTableHasForgotten()
    {
        var items = new ItemTable();
        items.Announce("ours", ItemFactKind.UserMessage);
        for (int i = 1; i < ItemTable.MaxItems; i++)
        {
            items.FindOrExpect(Encoding.UTF8.GetBytes($"item_{i}"));
        }

        Assert.False(items.AreConfirmed(items.LastSequence));
        items.FindOrExpect("one_more"u8);
        Assert.True(items.AreConfirmed(items.LastSequence));
    }

    [Fact]
    public void IdsOfManyItems_AreSpreadOverTheTable() =>
        Assert.InRange(Enumerable.Range(0, 1_000).Select(static i => Utf8IdComparer.Instance.GetHashCode($"item_{i}")).Distinct().Count(), 990, 1_000);
}
