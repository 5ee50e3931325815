using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>An answer to an HTTP request: JSON, as the service writes it.</summary>
internal static class DoorAnswer
{
    /// <summary>A refusal in one sentence.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string sentence, string? param = null)
    {
        context.Items[typeof(DoorRefusal)] = new DoorRefusal(status, code, sentence);
        var error = new JsonObject { ["message"] = sentence, ["type"] = "invalid_request_error", ["param"] = param, ["code"] = code };
        return SayAsync(context, status, new JsonObject { ["error"] = error });
    }

    /// <summary>What a request was refused with; null where it was not.</summary>
    public static DoorRefusal? RefusalOf(HttpContext context) => context.Items[typeof(DoorRefusal)] as DoorRefusal;

    public static Task SayAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}

/// <summary>Why somebody was not let in.</summary>
internal sealed record DoorRefusal(int Status, string Code, string Sentence);
