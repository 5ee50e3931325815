using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>An answer to an HTTP request: JSON, as the service writes it.</summary>
internal static class DoorAnswer
{
    /// <summary>A refusal in one sentence.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string sentence, string? param = null)
    {
        var error = new JsonObject { ["message"] = sentence, ["type"] = "invalid_request_error", ["param"] = param, ["code"] = code };
        return SayAsync(context, status, new JsonObject { ["error"] = error });
    }

    public static Task SayAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
