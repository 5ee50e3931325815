namespace Realtime.Protocol.Lifecycle;

/// <summary>What the rules ask about a session: formats, and who takes turns. Some services have them at the top of the session and not in its <c>audio</c>. What a session does not state is not stated, and the server's last word on it stands (SE-07).</summary>
internal static class SessionWords
{
    public static SessionFact Of(SessionFactKind kind, SessionView session) => new()
    {
        Kind = kind,
        Session = session,
        SessionType = FactOf.Utf8(session.Type.Raw),
        InputFormat = FormatOf(session.Audio.Input.Format, session.InputAudioFormat),
        OutputFormat = FormatOf(session.Audio.Output.Format, session.OutputAudioFormat),
        Voice = KeepTheVoice.Stated(session.Audio.Output.Voice.HasValue ? session.Audio.Output.Voice : session.Voice),
        Transcription = session.Audio.Input.Transcription.Presence,
        ServerTurns = TurnsOf(session.Audio.Input.TurnDetection.Presence is Presence.Absent ? session.TurnDetection : session.Audio.Input.TurnDetection),
    };

    private static StatedFormat FormatOf(AudioFormatView nested, EnumView<LegacyAudioFormat> top) => (nested.HasValue, top.Value) switch
    {
        (true, _) => FactOf.FormatOf(nested),
        (_, LegacyAudioFormat.Pcm16) => StatedFormat.Pcm(null),
        (_, LegacyAudioFormat.G711Ulaw) => AudioEncoding.G711MuLaw,
        (_, LegacyAudioFormat.G711Alaw) => AudioEncoding.G711ALaw,
        _ => default,
    };

    private static ServerTurns TurnsOf(TurnDetectionView detection)
    {
        if (detection.TryGetServerVad(out ServerVadView server))
        {
            return ServerTurns.Server(OrTrue(server.CreateResponse), OrTrue(server.InterruptResponse));
        }

        if (detection.TryGetSemanticVad(out SemanticVadView semantic))
        {
            return ServerTurns.Server(OrTrue(semantic.CreateResponse), OrTrue(semantic.InterruptResponse));
        }

        return detection.Presence switch
        {
            Presence.Null => ServerTurns.None,
            Presence.Value => ServerTurns.Server(), // a detector of a later day: it does what detectors do by default
            _ => default,
        };
    }

    private static bool OrTrue(Field<bool> flag) => !flag.HasValue || flag.Value;
}
