namespace Realtime.Protocol;

/// <summary>One part of a message: text, sound or a picture. A value; a text converts. What it holds stays out of <see cref="object.ToString"/>.</summary>
public abstract record ItemContent
{
    private ItemContent()
    {
    }

    /// <summary>A text is a part of its own.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ItemContent(string text) => new Text(text);

    /// <summary>What was written.</summary>
    public sealed record Text : ItemContent
    {
        /// <summary>Makes a part of a text.</summary>
        /// <param name="value">The text.</param>
        /// <exception cref="ArgumentNullException">It is null.</exception>
        public Text(string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Value = value;
        }

        /// <summary>The text.</summary>
        public string Value { get; }

        /// <summary>Its length.</summary>
        public override string ToString() => $"{Value.Length} characters of text";
    }

    /// <summary>What was said.</summary>
    public sealed record Audio : ItemContent
    {
        /// <summary>Makes a part of sound.</summary>
        /// <param name="bytes">
        /// Raw audio in the session's input encoding, not base64. The memory is not copied here: leave it alone until the call that sends it has returned, or until the session is connected that has it in
        /// its history. Empty in an item that the session tells of, unless it was retrieved: sound is not kept.
        /// </param>
        /// <param name="transcript">What is said in it, as far as that is known.</param>
        public Audio([RawAudio] ReadOnlyMemory<byte> bytes, string? transcript = null) => (Bytes, Transcript) = (bytes, transcript);

        /// <summary>Raw audio, not base64. An item of one's own and one that was retrieved have it; elsewhere it is not kept, and this is empty.</summary>
        [RawAudio]
        public ReadOnlyMemory<byte> Bytes { get; }

        /// <summary>What is said in it; null while nobody has written it down.</summary>
        public string? Transcript { get; init; }

        /// <summary>How much there is of it.</summary>
        public override string ToString() => $"{Bytes.Length} bytes of audio, {(Transcript is null ? "no transcript" : $"{Transcript.Length} characters of transcript")}";
    }

    /// <summary>What was shown.</summary>
    public sealed record Image : ItemContent
    {
        /// <summary>Makes a part of a picture.</summary>
        /// <param name="bytes">The file as it is, not base64. The memory is not copied here: leave it alone as that of <see cref="Audio"/>. Empty in an item that the session tells of.</param>
        /// <param name="mediaType"><c>image/png</c>, <c>image/jpeg</c>, <c>image/webp</c> or <c>image/gif</c>.</param>
        /// <exception cref="ArgumentException">The media type is none of these, or the first bytes are those of something else, which the service would refuse.</exception>
        public Image(ReadOnlyMemory<byte> bytes, string mediaType)
        {
            ArgumentNullException.ThrowIfNull(mediaType);
            ImageSignature.ThrowIfOther(bytes.Span, mediaType);
            (Bytes, MediaType) = (bytes, mediaType);
        }

        // A picture that a server tells of: where it is not kept, there are no bytes to look at.
        internal Image(string mediaType) => MediaType = mediaType;

        /// <summary>The file; empty where it is not kept.</summary>
        public ReadOnlyMemory<byte> Bytes { get; }

        /// <summary>What kind of file it is, for instance <c>image/png</c>.</summary>
        public string MediaType { get; }

        /// <summary>How closely the model looks: <c>auto</c>, <c>low</c> or <c>high</c>; null leaves it to the service.</summary>
        public string? Detail { get; init; }

        /// <summary>What it is and how big.</summary>
        public override string ToString() => $"{Bytes.Length} bytes of {MediaType}";
    }
}
