using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Rules about one subject. It looks at what both sides say and tells <see cref="Verdicts"/>; it changes nothing that another family sees.</summary>
internal abstract class RuleFamily(Seen seen, Verdicts verdicts)
{
    // How long an event may be under way to a client that reads and acts at once.
    private const double UnderWay = 500;

    protected Seen Seen => seen;

    protected Verdicts Verdicts => verdicts;

    /// <summary>The client says something; <see cref="Seen"/> is as it was before. Gives what is to be remembered of it.</summary>
    public virtual Asked Said(Asked asked, JsonElement json) => asked;

    /// <summary>The client says a piece of sound; what <see cref="Said(Asked, JsonElement)"/> does for it, without its JSON.</summary>
    public virtual void Said(ref SaidSound sound)
    {
    }

    /// <summary>The server said something; <see cref="Seen"/> knows it.</summary>
    public virtual void Heard(string type, JsonElement json)
    {
    }

    /// <summary>The server refused what was asked. True when a rule explains it.</summary>
    public virtual bool Refused(Asked asked, in HeardError error) => false;

    /// <summary>The connection is at its end.</summary>
    public virtual void Ended()
    {
    }

    /// <summary>True when what happened <paramref name="then"/> may not have reached the client <paramref name="now"/>.</summary>
    protected static bool IsUnderWay(double? then, double? now) => then is { } from && now is { } to && to - from < UnderWay;
}

/// <summary>What a server says when it refuses an event.</summary>
internal readonly record struct HeardError(string? Type, string? Code, string? Param, string? EventId, string Message)
{
    /// <summary>Whether the client is to blame: a session that runs out, a quota and a defect of the service are nobody's wrong event.</summary>
    public bool BlamesTheClient => Type is null or "invalid_request_error" && Code is not ("session_expired" or "beta_api_shape_disabled" or "insufficient_quota" or "rate_limit_exceeded" or "invalid_api_key" or "input_audio_buffer_full" or "item_retrieve_audio_not_kept");

    public static HeardError From(JsonElement json) => new(json.Text("error.type"), json.Text("error.code"), json.Text("error.param"), json.Text("error.event_id"), json.Text("error.message") ?? "");
}
