namespace Realtime.Protocol.Analyzers;

/// <summary>Every name by which the rules know the outside world.</summary>
/// <remarks>
/// Rules never reference the runtime: they meet it as metadata names, so that one build of the analyzers serves every version of it
/// and a project that merely inherits the analyzers, without the runtime, pays nothing. A look-alike in another namespace is not known.
/// </remarks>
internal static class KnownSymbols
{
    /// <summary>The namespace of our attributes, and the name of the assembly that has them.</summary>
    public const string OurNamespace = "Realtime.Protocol";

    public const string SequencedAttribute = "Realtime.Protocol.SequencedAttribute";
    public const string SequencerEntryAttribute = "Realtime.Protocol.SequencerEntryAttribute";
    public const string RawAudioAttribute = "Realtime.Protocol.RawAudioAttribute";
    public const string Base64TextAttribute = "Realtime.Protocol.Base64TextAttribute";
    public const string BorrowedAttribute = "Realtime.Protocol.BorrowedAttribute";
    public const string InvalidatesBorrowsAttribute = "Realtime.Protocol.InvalidatesBorrowsAttribute";
    public const string CursorAttribute = "Realtime.Protocol.CursorAttribute";

    /// <summary>The simple name of the interface of events that everybody may send; each protocol has one beside its events.</summary>
    public const string SendableEvent = "ISendableEvent";

    /// <summary>Text where it lies in a message.</summary>
    public const string TextView = "Realtime.Protocol.Events.TextView";

    public const string Convert = "System.Convert";
    public const string Array = "System.Array";
    public const string Buffer = "System.Buffer";
    public const string Encoding = "System.Text.Encoding";
    public const string EncodingExtensions = "System.Text.EncodingExtensions";
    public const string Utf8 = "System.Text.Unicode.Utf8";
    public const string Base64 = "System.Buffers.Text.Base64";
    public const string Base64Url = "System.Buffers.Text.Base64Url";
    public const string Span = "System.Span`1";
    public const string Memory = "System.Memory`1";
    public const string MemoryExtensions = "System.MemoryExtensions";
}
