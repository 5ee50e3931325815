using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A configuration, or the parameters of a request, without what is a secret or may hold one. Of a remote MCP server only what is known to be harmless stays; of the rest only what is named like a secret goes. What only the server
/// says of a session (its id, its end) is no configuration and goes silently.
/// </summary>
internal static class WithoutSecrets
{
    private static readonly string[] StatedByServer = ["id", "object", "expires_at"];

    private static readonly string[] HarmlessOfMcp =
        ["type", "server_label", "connector_id", "tunnel_id", "server_description", "allowed_tools", "allowed_callers", "require_approval", "defer_loading"];

    private static readonly string[] SecretNames = ["secret", "token_value", "api_key", "apikey", "access_token", "password", "credential", "authorization", "headers"];

    /// <summary>The same object without them.</summary>
    /// <param name="json">An object that was read and checked.</param>
    /// <param name="path">Where it stands, for the names of what is left out: <c>session</c>.</param>
    /// <param name="leftOut">The places of what is left out are added.</param>
    public static RawJson In(ReadOnlySpan<byte> json, string path, ImmutableArray<string>.Builder leftOut)
    {
        if (json.IsEmpty)
        {
            return default;
        }

        var output = new ArrayBufferWriter<byte>(json.Length);
        Object(json, path, output, leftOut, static (name, _) => StatedByServer.Contains(name) ? Fate.Silent : IsNamedLikeASecret(name) ? Fate.Secret : Fate.Kept);
        return RawJson.FromUtf8(output.WrittenMemory);
    }

    private static void Object(ReadOnlySpan<byte> json, string path, ArrayBufferWriter<byte> output, ImmutableArray<string>.Builder leftOut, Judge judge)
    {
        var cursor = JsonCursor.OfChecked(json, 0);
        output.Write("{"u8);
        bool isFirst = true;
        cursor.BeginObject(out bool more);
        while (more)
        {
            cursor.ReadName(out Slot nameSlot);
            cursor.Skip(out Slot value);
            string name = new TextView(json, nameSlot).ToString();
            ReadOnlySpan<byte> said = value.In(json);
            switch (judge(name, said))
            {
                case Fate.Secret:
                    leftOut.Add($"{path}.{name}");
                    break;
                case Fate.Kept:
                    output.Write(isFirst ? "\""u8 : ",\""u8);
                    isFirst = false;
                    output.Write(nameSlot.In(json));
                    output.Write("\":"u8);
                    if (name == "tools" && said[0] == (byte)'[')
                    {
                        Tools(said, $"{path}.tools", output, leftOut);
                    }
                    else
                    {
                        output.Write(said);
                    }

                    break;
            }

            cursor.NextMember(out more);
        }

        output.Write("}"u8);
    }

    private static void Tools(ReadOnlySpan<byte> json, string path, ArrayBufferWriter<byte> output, ImmutableArray<string>.Builder leftOut)
    {
        var cursor = JsonCursor.OfChecked(json, 0);
        output.Write("["u8);
        bool isFirst = true;
        cursor.BeginArray(out bool more);
        for (int index = 0; more; index++)
        {
            cursor.Skip(out Slot tool);
            string place = $"{path}[{index}]";
            ReadOnlySpan<byte> said = tool.In(json);
            string type = said[0] == (byte)'{' ? TypeOf(said) : "";
            if (type is "function" or "mcp")
            {
                output.Write(isFirst ? default : ","u8);
                isFirst = false;
                if (type == "function")
                {
                    output.Write(said);
                }
                else
                {
                    Object(said, place, output, leftOut, OfMcp);
                }
            }
            else
            {
                leftOut.Add(place); // nobody knows what is secret in it
            }

            cursor.NextElement(out more);
        }

        output.Write("]"u8);
    }

    private static Fate OfMcp(string name, ReadOnlySpan<byte> value) =>
        HarmlessOfMcp.Contains(name) || (name == "server_url" && IsPlainAddress(value)) ? Fate.Kept
        : value.SequenceEqual("null"u8) ? Fate.Silent
        : Fate.Secret;

    // Who may come in stands in some addresses: before an @, or in the query.
    private static bool IsPlainAddress(ReadOnlySpan<byte> value) => value.IndexOfAny("@?#\\"u8) < 0;

    private static string TypeOf(ReadOnlySpan<byte> tool)
    {
        var cursor = JsonCursor.OfChecked(tool, 0);
        cursor.BeginObject(out bool more);
        while (more)
        {
            cursor.ReadName(out Slot name);
            cursor.Skip(out Slot value);
            if (JsonEscapes.ValueEquals(tool, name, "type"u8))
            {
                return Encoding.UTF8.GetString(value.In(tool)).Trim('"');
            }

            cursor.NextMember(out more);
        }

        return "";
    }

    private static bool IsNamedLikeASecret(string name)
    {
        foreach (string secret in SecretNames)
        {
            if (name.Contains(secret, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private enum Fate
    {
        Kept,
        Silent,
        Secret,
    }

    private delegate Fate Judge(string name, ReadOnlySpan<byte> value);
}
