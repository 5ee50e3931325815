using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>How a scenario writes the switches of the service: one row a switch, and only what is not the default is written. A test holds the rows to <see cref="ServiceSwitches"/> and to the <see cref="FaultCatalogue"/>.</summary>
internal static class ServiceShapes
{
    private static readonly FlagCodec Flag = new();

    private static readonly ObjectCodec<AutoResponse> Auto = new ObjectCodec<AutoResponse>("autoResponse", "what becomes of two responses that meet", AutoResponse.Default)
        .Switch("winner", "Whose response is made.", Names<AutoResponseWinner>(), AutoResponse.Default, static rules => rules.Winner, static (rules, winner) => rules with { Winner = winner })
        .Switch("rejection", "When the client hears that it lost.", Names<RejectionTime>(), AutoResponse.Default, static rules => rules.Rejection, static (rules, time) => rules with { Rejection = time })
        .Switch("loser", "What the server says about its own attempt, where that fails.", Names<FailedAttempt>(), AutoResponse.Default, static rules => rules.Loser, static (rules, attempt) => rules with { Loser = attempt });

    public static readonly ObjectCodec<ServiceSwitches> Service = new ObjectCodec<ServiceSwitches>("service", "the switches of the service", ServiceSwitches.Default)
        .With("autoResponse", "What becomes of a response.create that meets the response which the server is about to start by itself.", Auto, static service => service.AutoResponse == AutoResponse.Default ? null : service.AutoResponse, static (service, rules) => service with { AutoResponse = rules })
        .Switch("lateDeltas", "How many deltas still come after a response was cancelled.", new WholeCodec(0, 1_000), static service => service.LateDeltas, static (service, count) => service with { LateDeltas = count })
        .Switch("errorsNameTheirEvent", "Whether an error names the client event that caused it.", Flag, static service => service.ErrorsNameTheirEvent, static (service, yes) => service with { ErrorsNameTheirEvent = yes })
        .Switch("echoMetadata", "Whether responses repeat the client's metadata.", Flag, static service => service.EchoMetadata, static (service, yes) => service with { EchoMetadata = yes })
        .Switch("rateLimits", "When rate_limits.updated comes.", Names<RateLimitReport>(), static service => service.RateLimits, static (service, report) => service with { RateLimits = report })
        .Switch("duplicateItemIds", "What happens to an item whose id is taken.", Names<DuplicateItemIds>(), static service => service.DuplicateItemIds, static (service, way) => service with { DuplicateItemIds = way })
        .Switch("statusDetails", "How response.done says why a response was not completed.", Names<StatusDetailsShape>(), static service => service.StatusDetails, static (service, shape) => service with { StatusDetails = shape })
        .Switch("usage", "What response.done says about tokens.", Names<UsageReport>(), static service => service.Usage, static (service, report) => service with { Usage = report })
        .Switch("failedOutput", "Whether a failed response keeps its output.", Flag, static service => service.FailedOutput, static (service, yes) => service with { FailedOutput = yes })
        .Switch("closedStatus", "The status of an item that was cut off.", Names<ClosedStatus>(), static service => service.ClosedStatus, static (service, status) => service with { ClosedStatus = status })
        .Switch("itemDone", "Whether conversation.item.done is ever sent.", Flag, static service => service.ItemDone, static (service, yes) => service with { ItemDone = yes })
        .Switch("audioDone", "Which end of a spoken part comes first.", Names<AudioDoneOrder>(), static service => service.AudioDone, static (service, order) => service with { AudioDone = order })
        .Switch("stalePrevious", "Whether an item is announced behind one that was just deleted.", Flag, static service => service.StalePrevious, static (service, yes) => service with { StalePrevious = yes })
        .Switch("truncationSkewMs", "By how many milliseconds the server has less sound than it sent.", new WholeCodec(0, 1_000_000), static service => service.TruncationSkewMs, static (service, skew) => service with { TruncationSkewMs = skew })
        .Switch("truncateInProgress", "Whether an item that is still being made can be truncated.", Names<Verdict>(), static service => service.TruncateInProgress, static (service, verdict) => service with { TruncateInProgress = verdict })
        .Switch("deleteInProgress", "Whether an item that is still being made can be deleted.", Names<Verdict>(), static service => service.DeleteInProgress, static (service, verdict) => service with { DeleteInProgress = verdict })
        .Switch("createDuringSpeech", "Whether a response can be asked for while the user speaks.", Names<Verdict>(), static service => service.CreateDuringSpeech, static (service, verdict) => service with { CreateDuringSpeech = verdict })
        .Switch("responseNull", "Whether \"response\": null is taken for a request without settings.", Names<Verdict>(), static service => service.ResponseNull, static (service, verdict) => service with { ResponseNull = verdict })
        .Switch("unknownVoice", "Whether a voice may have any name.", Names<Verdict>(), static service => service.UnknownVoice, static (service, verdict) => service with { UnknownVoice = verdict })
        .Switch("speedDuringResponse", "Whether the speed can be changed while a response is made.", Names<Verdict>(), static service => service.SpeedDuringResponse, static (service, verdict) => service with { SpeedDuringResponse = verdict })
        .Switch("whisper", "Which transcripts come whole, in one delta.", Names<WholeTranscripts>(), static service => service.Whisper, static (service, which) => service with { Whisper = which })
        .Switch("idleTimeout", "Whether a user who says nothing is spoken to.", Names<IdleTimeout>(), static service => service.IdleTimeout, static (service, timeout) => service with { IdleTimeout = timeout })
        .Switch("minSpeechMs", "How many milliseconds of loud sound are speech; less is a click.", new WholeCodec(0, ServiceSwitches.MostMinSpeechMs), static service => service.MinSpeechMs, static (service, ms) => service with { MinSpeechMs = ms })
        .Switch("hysteresisDb", "By how many decibels sound falls below the threshold before it is quiet.", new WholeCodec(0, ServiceSwitches.MostHysteresisDb), static service => service.HysteresisDb, static (service, decibels) => service with { HysteresisDb = decibels })
        .Switch("mcpProgress", "When remote tools are called.", Names<McpProgress>(), static service => service.McpProgress, static (service, progress) => service with { McpProgress = progress })
        .Switch("conversationCreated", "Whether conversation.created follows session.created.", Flag, static service => service.ConversationCreated, static (service, yes) => service with { ConversationCreated = yes })
        .Switch("betaHeader", "Whether a client that asks for the beta is taken.", Names<Verdict>(), static service => service.BetaHeader, static (service, verdict) => service with { BetaHeader = verdict });

    /// <summary>The switches that a file names and leaves as they are by default, as a command line names them.</summary>
    public static IEnumerable<string> Usual(Located service, ServiceSwitches read) => service.Members
        .SelectMany(static member => member.Name == "autoResponse" ? member.Value.Members.Select(static nested => nested.Name) : [member.Name])
        .Select(static name => FaultValue.Kebab(char.ToUpperInvariant(name[0]) + name[1..]))
        .Where(name => FaultCatalogue.Rows.Single(row => row.Name == name).Shown(read) is null);

    // A value's name as JSON has it: AfterDone is "afterDone".
    private static ChoiceCodec<T> Names<T>()
        where T : struct, Enum => new([.. Enum.GetValues<T>().Select(static value => (System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), value))]);

    private static ObjectCodec<ServiceSwitches> Switch<T>(this ObjectCodec<ServiceSwitches> switches, string member, string about, Codec<T> codec, Func<ServiceSwitches, T> get, Func<ServiceSwitches, T, ServiceSwitches> set)
        where T : struct => switches.Switch(member, about, codec, ServiceSwitches.Default, get, set);

    private static ObjectCodec<TOwner> Switch<TOwner, T>(this ObjectCodec<TOwner> switches, string member, string about, Codec<T> codec, TOwner normal, Func<TOwner, T> get, Func<TOwner, T, TOwner> set)
        where T : struct => switches.With(member, about, codec, owner => EqualityComparer<T>.Default.Equals(get(owner), get(normal)) ? null : get(owner), set);
}
