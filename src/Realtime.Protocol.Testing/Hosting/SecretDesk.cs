using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Configuration;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Mints client secrets: reads what is asked for, checks the session by the tables of the simulator itself, and answers as the service does.</summary>
internal sealed class SecretDesk(RealtimeSimulatorHostOptions options, Admission admission, ClientSecrets secrets)
{
    private const int ShortestSeconds = 10;
    private const int LongestSeconds = 7_200;
    private const int DefaultSeconds = 600;

    public async Task MintAsync(HttpContext context, bool isTranslation)
    {
        if (!admission.MayMint(context.Request, out string why))
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_api_key", why).ConfigureAwait(false);
            return;
        }

        JsonObject? wanted = await ReadAsync(context).ConfigureAwait(false);
        if (wanted is null)
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_json", "The body has to be a JSON object, or empty.").ConfigureAwait(false);
        }
        else if (TryMint(wanted, isTranslation, out JsonObject minted, out Refusal refusal))
        {
            await DoorAnswer.SayAsync(context, StatusCodes.Status200OK, minted).ConfigureAwait(false);
        }
        else
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, refusal.Code, refusal.Message, refusal.Param).ConfigureAwait(false);
        }
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
        try
        {
            string text = await body.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
            return string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) is JsonObject wanted && IsText(wanted) ? wanted : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // The platform reads half a surrogate pair as JSON and throws where somebody looks at the text.
    private static bool IsText(JsonNode? node) => node switch
    {
        JsonObject members => members.All(static member => IsText(member.Value)),
        JsonArray items => items.All(IsText),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is not null,
        _ => true,
    };

    private bool TryMint(JsonObject wanted, bool isTranslation, out JsonObject minted, out Refusal refusal)
    {
        minted = [];
        if (wanted.FirstOrDefault(static member => member.Key is not ("session" or "expires_after")).Key is { } unknown)
        {
            refusal = Refusal.UnknownParameter(unknown);
            return false;
        }

        if (!TrySeconds(wanted["expires_after"], out int seconds, out refusal))
        {
            return false;
        }

        JsonNode? session = wanted["session"];
        if (session is null && isTranslation)
        {
            refusal = Refusal.Missing("session");
            return false;
        }

        if (session is not null and not JsonObject)
        {
            refusal = Refusal.WrongType("session", "an object", Found(session));
            return false;
        }

        JsonObject initial = session as JsonObject ?? new JsonObject { ["type"] = "realtime" };
        SimulatedSessionKind kind = isTranslation ? SimulatedSessionKind.Translation : Text(initial["type"]) == "transcription" ? SimulatedSessionKind.Transcription : SimulatedSessionKind.Realtime;
        string? model = Text(initial["model"]);
        if (isTranslation)
        {
            if (model is null)
            {
                refusal = initial["model"] is { } wrong ? Refusal.WrongType("session.model", "a string", Found(wrong)) : Refusal.Missing("session.model");
                return false;
            }

            // A translation's model is given here, and is no part of its settings afterwards.
            initial.Remove("model");
        }

        long expiresAt = options.Time.GetUtcNow().ToUnixTimeSeconds() + (long)options.Simulator.SessionLifetime.TotalSeconds;
        var settings = new SessionSettings(kind, options.Simulator, "", model ?? (options.Simulator with { Kind = kind }).Model, expiresAt);
        string text = initial.ToJsonString();
        if (!settings.TryBegin(text, out refusal))
        {
            return false;
        }

        MintedSecret secret = secrets.Mint(kind, model, text, seconds);
        JsonObject shown = JsonNode.Parse(settings.ToUtf8())!.AsObject();
        shown.Remove("id");
        minted = new JsonObject { ["value"] = secret.Value, ["expires_at"] = secret.ExpiresAt, ["session"] = shown };
        return true;
    }

    private static bool TrySeconds(JsonNode? expiresAfter, out int seconds, out Refusal refusal)
    {
        seconds = DefaultSeconds;
        refusal = default;
        if (expiresAfter is null)
        {
            return true;
        }

        if (expiresAfter is not JsonObject wanted)
        {
            refusal = Refusal.WrongType("expires_after", "an object", Found(expiresAfter));
            return false;
        }

        if (wanted.FirstOrDefault(static member => member.Key is not ("anchor" or "seconds")).Key is { } unknown)
        {
            refusal = Refusal.UnknownParameter($"expires_after.{unknown}");
            return false;
        }

        if (wanted["anchor"] is { } anchor && Text(anchor) != "created_at")
        {
            refusal = Refusal.NotOneOf("expires_after.anchor", Text(anchor) ?? anchor.ToJsonString(), "created_at");
            return false;
        }

        if (wanted["seconds"] is not { } given)
        {
            return true;
        }

        if (given.GetValueKind() != JsonValueKind.Number || !given.AsValue().TryGetValue(out double number) || number != Math.Floor(number))
        {
            refusal = Refusal.WrongType("expires_after.seconds", "an integer", Found(given));
            return false;
        }

        if (number is < ShortestSeconds or > LongestSeconds)
        {
            refusal = number < ShortestSeconds ? Refusal.BelowLeast("expires_after.seconds", number, ShortestSeconds, whole: true) : Refusal.AboveMost("expires_after.seconds", number, LongestSeconds, whole: true);
            return false;
        }

        seconds = (int)number;
        return true;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string Found(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "a number",
    };
}
