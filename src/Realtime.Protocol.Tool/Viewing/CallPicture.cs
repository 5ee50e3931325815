using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// What there is to see of one call or several: a lane for each log. It is made of the lines of the logs and of nothing else, and whatever is drawn or printed is made of it alone.
/// </summary>
/// <param name="Lanes">One for each log, in the order in which they were named.</param>
/// <param name="HasContent">Whether it holds what was said, and what tools were told and told.</param>
internal sealed record CallPicture(IReadOnlyList<CallLane> Lanes, bool HasContent);

/// <summary>
/// One connection, or several in a row where the log goes on. Places are milliseconds since its beginning; where the log has no times, they are the numbers of its events, and
/// nothing is said of how long anything took.
/// </summary>
internal sealed record CallLane
{
    /// <summary>The name of the log.</summary>
    public required string Name { get; init; }

    /// <summary>Whether places are milliseconds; otherwise they count events.</summary>
    public required bool HasTimes { get; init; }

    /// <summary>Where the last thing ends.</summary>
    public required double End { get; init; }

    public required long Lines { get; init; }

    public required long Events { get; init; }

    public string? Model { get; init; }

    public IReadOnlyList<SpeechSpan> Speech { get; init; } = [];

    public IReadOnlyList<PicturedTurn> Turns { get; init; } = [];

    public IReadOnlyList<PicturedTool> Tools { get; init; } = [];

    public IReadOnlyList<Interruption> Interruptions { get; init; } = [];

    public IReadOnlyList<BrokenRule> Violations { get; init; } = [];

    public IReadOnlyList<Problem> Problems { get; init; } = [];

    public IReadOnlyList<ConnectionMark> Connections { get; init; } = [];

    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    public required SessionUsage Usage { get; init; }

    /// <summary>What the tokens of the responses cost; null without prices.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What tokens cost; null when nobody knows.</summary>
    public TokenPrices? Prices { get; init; }

    public required SoundStrip UserSound { get; init; }

    public required SoundStrip ModelSound { get; init; }

    /// <summary>Who spoke how long; null where the log has no times.</summary>
    public SpeechShares? Shares { get; init; }

    /// <summary>How many things are not in it, since there were too many.</summary>
    public int LeftOut { get; init; }

    /// <summary>How many times of the log were of no use: before the beginning, back in time, or years away.</summary>
    public int StrangeTimes { get; init; }
}

/// <summary>Somebody's speech, from where to where.</summary>
/// <param name="IsUser">Whose: the user's, or the model's.</param>
/// <param name="Begin">Of the user: where the speech was; of the model: where its sound arrived, or as soon as what came before it had sounded.</param>
/// <param name="End">Where it ends; of the model, when it would have sounded to its end.</param>
/// <param name="HeardUntil">How far the model was heard; null when nobody cut it off.</param>
/// <param name="Turn">The number of the turn; 0 for none.</param>
/// <param name="SoundMs">How much sound it is; null when the log does not say.</param>
/// <param name="HeardMs">How much of it was heard; null when nobody cut it off.</param>
internal sealed record SpeechSpan(bool IsUser, double Begin, double End, double? HeardUntil, int Turn, double? SoundMs, double? HeardMs);

/// <summary>How long each spoke, in milliseconds. Of the model that is what was heard.</summary>
internal sealed record SpeechShares(double User, double Model, double Both, double Silence)
{
    /// <summary>The shares of a call.</summary>
    /// <param name="speech">In any order.</param>
    /// <param name="end">Where the call ends.</param>
    public static SpeechShares Of(IReadOnlyList<SpeechSpan> speech, double end)
    {
        var edges = new List<(double At, int User, int Model)>();
        foreach (SpeechSpan span in speech)
        {
            (int user, int model) = span.IsUser ? (1, 0) : (0, 1);
            edges.Add((span.Begin, user, model));
            edges.Add((span.HeardUntil ?? span.End, -user, -model));
        }

        (double userTotal, double modelTotal, double both, double silence, double last, int users, int models) = (0, 0, 0, 0, 0, 0, 0);
        foreach ((double at, int user, int model) in edges.OrderBy(static edge => edge.At).Append((end, 0, 0)))
        {
            double length = Math.Max(0, at - last);
            userTotal += users > 0 ? length : 0;
            modelTotal += models > 0 ? length : 0;
            both += users > 0 && models > 0 ? length : 0;
            silence += users <= 0 && models <= 0 ? length : 0;
            (last, users, models) = (Math.Max(last, at), users + user, models + model);
        }

        return new(userTotal, modelTotal, both, silence);
    }
}

/// <summary>A rule that a client broke, each time at its place.</summary>
/// <param name="At">The place.</param>
/// <param name="Line">The line of the log; 0 for the end.</param>
/// <param name="Broken">The rule, and what to do instead.</param>
internal sealed record BrokenRule(double At, long Line, Violation Broken);

/// <summary>An answer that was cut off, and what was heard of it.</summary>
/// <param name="At">When.</param>
/// <param name="Turn">The turn of the answer.</param>
/// <param name="By">Who: <c>user_speech</c>, which the server noticed, or <c>client</c>.</param>
/// <param name="SoundMs">How much sound of the answer had come; null when the log does not say.</param>
/// <param name="HeardMs">How much of it was heard; null when nobody knows.</param>
/// <param name="HeardFrom">How that is known: <c>stated</c> by a truncation or deletion, or <c>estimated</c> from the time that had passed; null when it is not known.</param>
internal sealed record Interruption(double At, int Turn, string By, double? SoundMs, double? HeardMs, string? HeardFrom);

/// <summary>Something that went wrong and is no broken rule.</summary>
/// <param name="Kind">What: <c>error</c> of the server, <c>response_failed</c>, <c>transcription_failed</c>, <c>malformed</c> event, <c>defect</c> of the simulator, <c>no_event</c> in a line.</param>
/// <param name="Line">The line of the log.</param>
/// <param name="Name">The code of the error, or its type.</param>
/// <param name="Parameter">What the error is about.</param>
/// <param name="Message">The error in words, which may quote what was said; null unless content is shown.</param>
internal sealed record Problem(double At, string Kind, long Line, string? Name, string? Parameter, string? Message);

/// <summary>A connection began or ended.</summary>
/// <param name="Kind"><c>opened</c>, <c>renewed</c> for each session behind the first, or <c>closed</c>.</param>
/// <param name="Name">The id of the session, or the reason for the end.</param>
/// <param name="Code">The close code.</param>
internal sealed record ConnectionMark(double At, string Kind, string? Name, long? Code);

/// <summary>One of the limits that the server reported.</summary>
/// <param name="Limit">How much there is; null when it was not said.</param>
/// <param name="Lowest">The least that remained.</param>
/// <param name="LowestAt">When that was.</param>
/// <param name="Last">What remained in the end.</param>
internal sealed record RateLimit(string Name, double? Limit, double Lowest, double LowestAt, double Last);
