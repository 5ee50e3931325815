using System.Globalization;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Updates of the session: what they may hold, and when they have effect.</summary>
internal sealed class SessionRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    // Where the beta kept what has another place today.
    private static readonly (string Beta, string Today)[] Moved =
    [
        ("modalities", "session.output_modalities"),
        ("voice", "session.audio.output.voice"),
        ("speed", "session.audio.output.speed"),
        ("input_audio_format", "session.audio.input.format"),
        ("output_audio_format", "session.audio.output.format"),
        ("input_audio_transcription", "session.audio.input.transcription"),
        ("input_audio_noise_reduction", "session.audio.input.noise_reduction"),
        ("turn_detection", "session.audio.input.turn_detection"),
        ("max_response_output_tokens", "session.max_output_tokens"),
        ("temperature", ""),
    ];

    private bool _hasConfigured;
    private double _bytesInBetween;

    public override void Said(ref SaidSound sound) => _bytesInBetween += AsksForOtherSound() ? sound.Bytes : 0;

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type == SaidSound.Type && AsksForOtherSound())
        {
            _bytesInBetween += SoundSize.Of(json, "audio") ?? 0;
        }

        if (asked.Type != "session.update" || json.At("session") is not { ValueKind: JsonValueKind.Object } session)
        {
            return asked;
        }

        if (_hasConfigured && Seen.Session is { Effective: { } effective, Updates.Count: 0 } && Json.Names(session).Any(static name => name != "type") && IsWithin(session, effective))
        {
            Verdicts.Broke("session-nothing-new", asked, $"{Words.Event(asked)} changed nothing: the session is like that already.");
        }

        _hasConfigured = true;
        string? beta = Moved.FirstOrDefault(row => session.TryMember(row.Beta, out _)).Beta;
        return asked with
        {
            InputFormat = SeenSession.InputFormatIn(session),
            TurnDetection = SeenSession.TurnDetectionIn(session) is { } detection ? detection.ValueKind == JsonValueKind.Object : null,
            Active = Seen.Active,
            BetaName = beta,
        };
    }

    public override void Heard(string type, JsonElement json)
    {
        if (type == "session.updated")
        {
            TellInBetween(Seen.Session.LastAnswered, "and session.updated");
        }
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Type != "session.update")
        {
            return false;
        }

        TellInBetween(asked, "and it was refused");
        (string Rule, string Says)? found = Explain(asked, error);
        if (found is { } broken)
        {
            Verdicts.Broke(broken.Rule, asked, broken.Says);
        }

        return found is not null;
    }

    private static (string Rule, string Says)? Explain(Asked asked, in HeardError error)
    {
        string param = error.Param ?? "";
        string shown = Words.Name(param);
        if (error.Code == "cannot_update_voice")
        {
            return ("session-voice-late", "The model has spoken, its voice stays.");
        }

        if (error.Code == "missing_required_parameter" && param == "session.type")
        {
            return ("session-no-type", "session.type is missing: \"realtime\" or \"transcription\".");
        }

        if (error.Code == "unknown_parameter")
        {
            (string beta, string today) = Array.Find(Moved, row => param == $"session.{row.Beta}" || (param.Length == 0 && row.Beta == asked.BetaName));
            return beta is null ? ("session-unknown-parameter", $"'{shown}' is no parameter of a session.")
                : ("session-beta-name", today.Length == 0 ? $"'{shown}' was the beta's and is gone." : $"'{shown}' was the beta's place: it is {today} now.");
        }

        return (error.Code, param) switch
        {
            (not "invalid_type", "session.model") => ("session-model", "The model of a session cannot be changed."),
            (not "invalid_type", "session.tracing") => ("session-tracing", "Tracing is on and stays as it is."),
            (not "invalid_type", "session.audio.output.speed") when asked.Active is not null => ("session-speed-in-response", $"The speed was changed while {Words.Name(asked.Active.Id)} is made."),
            (not "invalid_type", "session.output_modalities" or "session.modalities") => ("session-both-modalities", "This is no set of modalities: [\"audio\"] or [\"text\"]."),
            ("invalid_type", _) => ("session-wrong-type", $"'{shown}' has the wrong type."),
            ("missing_required_parameter", _) => null,
            (_, { Length: > 0 }) when param.StartsWith("session", StringComparison.Ordinal) => ("session-out-of-range", $"'{shown}' has a value that is not taken{Words.OutOfRange(error.Message)}."),
            _ => null,
        };
    }

    private void TellInBetween(Asked? update, string end)
    {
        if (_bytesInBetween > 0 && update?.InputFormat is { } format)
        {
            double milliseconds = _bytesInBetween / format.BytesPerMs;
            Verdicts.Broke("update-not-awaited", update, string.Create(CultureInfo.InvariantCulture,
                $"You sent {Words.Span(milliseconds)} of sound in the new format between this update {end}: it may have been read in the old one."));
        }

        _bytesInBetween = 0;
    }

    // An update that the server has not answered asks for sound in another format.
    private bool AsksForOtherSound()
    {
        foreach (Asked update in Seen.Session.Updates)
        {
            if (update.InputFormat is { } format && format != Seen.Session.InputFormat)
            {
                return true;
            }
        }

        return false;
    }

    // Whether everything that is asked for is so already. What the server leaves out is not there.
    private static bool IsWithin(JsonElement asked, JsonElement there)
    {
        try
        {
            return asked.ValueKind != JsonValueKind.Object || there.ValueKind != JsonValueKind.Object
                ? JsonElement.DeepEquals(asked, there)
                : asked.EnumerateObject().All(member => there.TryMember(member.Name, out JsonElement same) && IsWithin(member.Value, same));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair equals nothing.
            return false;
        }
    }
}
