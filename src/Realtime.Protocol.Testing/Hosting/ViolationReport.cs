using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary><c>/violations</c>: what clients did wrong, as JSON, or as lines for people with <c>?text</c>; of one connection with <c>?connection=N</c>; and a fresh start between two tests.</summary>
internal sealed class ViolationReport(ViolationList violations)
{
    public Task TellAsync(HttpContext context)
    {
        int? connection = null;
        if (context.Request.Query["connection"] is { Count: > 0 } given)
        {
            if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", "The parameter 'connection' is the number of a connection, from 1.");
            }

            connection = number;
        }

        IReadOnlyList<Violation> found = violations.Read(connection);
        if (!context.Request.Query.ContainsKey("text"))
        {
            return DoorAnswer.SayAsync(context, StatusCodes.Status200OK, new JsonObject { ["violations"] = new JsonArray([.. found.Select(static violation => JsonNode.Parse(violation.ToJson()))]) });
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(string.Concat(found.Select(static violation => string.Create(CultureInfo.InvariantCulture, $"#{violation.Connection} {violation}\n"))));
    }

    public Task ClearAsync(HttpContext context)
    {
        violations.Clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
