namespace Realtime.Protocol.Gateway;

/// <summary>Why a call ended. Every call ends with exactly one reason, the first that happened.</summary>
/// <param name="Kind">Who or what ended it.</param>
/// <param name="Description">One sentence for people; never what was said, and no key.</param>
public sealed record CallEnd(CallEndKind Kind, string Description)
{
    /// <summary>True where nobody has to look: somebody hung up, or the call goes on elsewhere.</summary>
    public bool IsOrderly => Kind is CallEndKind.HungUp or CallEndKind.Ended or CallEndKind.Transferred or CallEndKind.Moved or CallEndKind.HandedOver;

    /// <summary>Whether the conversation is over. Where it is not, its entry in the journal stays for whoever goes on.</summary>
    internal bool IsFinal => Kind is CallEndKind.HungUp or CallEndKind.Ended or CallEndKind.Transferred or CallEndKind.TooLong;

    /// <summary>The reason in one line.</summary>
    public override string ToString() => $"{Kind}: {Description}";

    internal static CallEnd HungUp { get; } = new(CallEndKind.HungUp, "The caller hung up.");

    internal static CallEnd Lost(string what) => new(CallEndKind.Lost, what);

    internal static CallEnd BadFrame(string what) => new(CallEndKind.BadFrame, what);
}
