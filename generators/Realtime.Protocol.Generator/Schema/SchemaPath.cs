using System;
using System.Collections.Generic;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>
/// Names of schema files: <c>realtime/server/response.done</c> for <c>…/schema/realtime/server/response.done.json</c>. The
/// last two folders say the family and the role; where the repository lies does not matter.
/// </summary>
internal static class SchemaPath
{
    private const string Extension = ".json";

    /// <summary>The key of a file.</summary>
    public static string KeyOf(string path)
    {
        string[] parts = Split(path);
        string key = string.Join("/", parts.Skip(parts.Length - 3));
        return key.EndsWith(Extension, StringComparison.Ordinal) ? key.Substring(0, key.Length - Extension.Length) : key;
    }

    /// <summary>The role of a file. Null for one that lies in none of the known folders, or is no <c>.json</c>.</summary>
    public static SchemaRole? RoleOf(string path)
    {
        string[] parts = Split(path);
        return parts.Length >= 3 && parts[parts.Length - 1].EndsWith(Extension, StringComparison.Ordinal)
            ? parts[parts.Length - 2] switch
            {
                "client" => SchemaRole.Client,
                "server" => SchemaRole.Server,
                "objects" => SchemaRole.Object,
                _ => null,
            }
            : null;
    }

    /// <summary>The folders of these files, as a sentence names them: <c>schema/realtime/client and schema/realtime/server</c>.</summary>
    public static string Folders(IEnumerable<string> sourceFiles) =>
        string.Join(" and ", sourceFiles.Select(static file => file.Substring(0, file.LastIndexOf('/'))).Distinct().OrderBy(static folder => folder, StringComparer.Ordinal));

    /// <summary>The key that a $ref in this file leads to.</summary>
    public static bool TryResolve(string key, string reference, out string target)
    {
        target = "";
        if (!reference.EndsWith(Extension, StringComparison.Ordinal) || reference.IndexOf('#') >= 0)
        {
            return false;
        }

        var parts = new List<string>(key.Split('/'));
        parts.RemoveAt(parts.Count - 1);
        foreach (string step in reference.Substring(0, reference.Length - Extension.Length).Split('/'))
        {
            if (step == "..")
            {
                if (parts.Count == 0)
                {
                    return false;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (step != ".")
            {
                parts.Add(step);
            }
        }

        target = string.Join("/", parts);
        return true;
    }

    private static string[] Split(string path) => path.Replace('\\', '/').Split('/');
}
