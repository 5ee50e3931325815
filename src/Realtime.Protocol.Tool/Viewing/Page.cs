using System.Security.Cryptography;
using System.Text;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// The page: a frame, a style, a program and the picture as data, in one file that asks the network for nothing. Its policy lets the browser run this program, by its hash, and
/// nothing else, so that what stands in a log stays text even where this writer were wrong.
/// </summary>
internal static class Page
{
    private static readonly string Frame = Read("page.html");
    private static readonly string Style = Read("page.css");
    private static readonly string Program = Read("page.js");

    /// <summary>The page of a picture, in pieces.</summary>
    /// <param name="picture">The picture as <see cref="PictureJson"/> writes it.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> picture)
    {
        string policy = $"default-src 'none'; script-src '{Hash(Program)}'; style-src '{Hash(Style)}'; base-uri 'none'; form-action 'none'";
        string page = Frame.Replace("{{policy}}", policy, StringComparison.Ordinal).Replace("{{style}}", Style, StringComparison.Ordinal).Replace("{{program}}", Program, StringComparison.Ordinal);
        string[] around = page.Split("{{picture}}");
        return [Encoding.UTF8.GetBytes(around[0]), picture, Encoding.UTF8.GetBytes(around[1])];
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    // A browser counts a line break as one character, whatever the file has.
    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
