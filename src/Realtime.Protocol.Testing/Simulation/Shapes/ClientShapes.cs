namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>
/// Every event that a client may send, as tables: one row for each path. What has no row is an unknown parameter, and what has one is
/// checked by it before any code acts on it. The rows follow the repository's schema; where one does not, it says why.
/// </summary>
internal static class ClientShapes
{
    private const int MaxEventIdLength = 512;

    /// <summary>The events of realtime sessions, in the order in which a refusal lists them.</summary>
    public static EventShape[] Realtime { get; } =
    [
        Event("session.update", ShapeSessions.Hearing, SessionShapes.OfUpdate),
        Event("input_audio_buffer.append", ShapeSessions.Hearing, [new("audio", ShapeForms.Audio) { IsRequired = true }]),
        Event("input_audio_buffer.commit", ShapeSessions.Hearing),
        Event("input_audio_buffer.clear", ShapeSessions.Hearing),
        Event("conversation.item.create", ShapeSessions.Realtime, [new("previous_item_id", ShapeForms.Text), .. ItemShapes.Of("item", isRequired: true, ShapeSessions.None)]),
        Event("conversation.item.truncate", ShapeSessions.Realtime,
        [
            new("item_id", ShapeForms.Text) { IsRequired = true },
            new("content_index", ShapeForms.Integer) { IsRequired = true, Least = 0, Otherwise = Negative },
            new("audio_end_ms", ShapeForms.Integer) { IsRequired = true, Least = 0, Otherwise = Negative },
        ]),
        Event("conversation.item.delete", ShapeSessions.Hearing, [new("item_id", ShapeForms.Text) { IsRequired = true }]),
        Event("conversation.item.retrieve", ShapeSessions.Hearing, [new("item_id", ShapeForms.Text) { IsRequired = true }]),
        Event("response.create", ShapeSessions.Realtime, ResponseShapes.OfCreate),
        Event("response.cancel", ShapeSessions.Realtime, [new("response_id", ShapeForms.Text)]),

        // For WebRTC and SIP, where the server plays; on this wire the client does.
        Event("output_audio_buffer.clear", ShapeSessions.None),

        // The name that session.update of a transcription session had before.
        Event("transcription_session.update", ShapeSessions.None, SessionShapes.OfFlatTranscription),
    ];

    /// <summary>The events of sessions that translate.</summary>
    public static EventShape[] Translation { get; } =
    [
        Event("session.update", ShapeSessions.Translation, SessionShapes.OfTranslation),
        Event("session.input_audio_buffer.append", ShapeSessions.Translation, [new("audio", ShapeForms.Audio) { IsRequired = true }]),
        Event("session.close", ShapeSessions.Translation),
    ];

    private const string Negative = "Published is an integer. A negative one names nothing.";

    /// <summary>The events of a realtime session, as a service takes them that is less strict.</summary>
    /// <param name="takesNull">Whether <c>"response": null</c> is taken.</param>
    /// <param name="takesAnyVoice">Whether any text names a voice.</param>
    public static EventShape[] Lenient(bool takesNull, bool takesAnyVoice) =>
    [
        .. Realtime.Select(one => one with
        {
            Rows =
            [
                .. one.Rows.Select(row => takesNull && row.Path == "response" ? row with { Forms = row.Forms | ShapeForms.Null }
                    : takesAnyVoice && row.Path.EndsWith(".audio.output.voice", StringComparison.Ordinal) ? row with { Values = [] }
                    : row),
            ],
        }),
    ];

    private static EventShape Event(string type, ShapeSessions sessions, params Shape[] rows) => new(type, sessions,
    [
        new("", ShapeForms.Object),
        new("type", ShapeForms.Text) { IsRequired = true, Values = [type] },
        new("event_id", ShapeForms.Text) { MaxLength = MaxEventIdLength },
        .. rows,
    ]);
}
