using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using StackExchange.Redis;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>
/// Where calls are kept, read from one text: a folder, a database, or nowhere. A password in a text that came by the command line is refused, and whatever is wrong, no part of a text that may hold one is repeated.
/// </summary>
internal abstract partial record JournalPlace
{
    private const string Nowhere = "none";

    private JournalPlace()
    {
    }

    /// <summary>What people are told; never a part of a connection string but the server's name.</summary>
    public abstract string Shown { get; }

    /// <summary>Passwords in it, to take them out of what is shown.</summary>
    public virtual IReadOnlyList<string> Secrets => [];

    /// <summary>Reads what <c>--journal</c> or a variable says.</summary>
    /// <param name="text">A folder, <c>none</c>, <c>Host=…</c>, <c>postgresql://…</c>, <c>redis://…</c> or what StackExchange.Redis reads.</param>
    /// <param name="variable">True where it came from an environment variable, which only its owner can read.</param>
    /// <exception cref="ToolException">It is none of these, or holds a password that everyone can read.</exception>
    public static JournalPlace Read(string text, bool variable)
    {
        string from = variable ? "The variable of --journal-variable" : "--journal";
        JournalPlace place;
        try
        {
            place = Parse(text);
        }
        catch (Exception unreadable) when (unreadable is not ToolException)
        {
            // Neither the text nor the exception is shown: either may hold a password.
            throw new ToolException(ExitCode.UnusableInput, $"{from} cannot be read as a connection ({unreadable.GetType().Name}). Write \"Host=…;Username=…;Database=…\" or redis://HOST:6379, or name a folder; ./ in front makes a folder of any name.");
        }

        return !variable && place.Secrets.Count > 0
            ? throw new ToolException(ExitCode.UnusableInput, "--journal holds a password, which everyone on this machine can read. Put all of it into an environment variable and name that: --journal-variable NAME.")
            : place;
    }

    /// <summary>The text of this place, with its passwords, for a variable of another process.</summary>
    public abstract string ToText();

    // The record's own would print the connection string.
    public sealed override string ToString() => Shown;

    private static JournalPlace Parse(string text)
    {
        if (text == Nowhere)
        {
            return new None();
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && text.Contains("://", StringComparison.Ordinal))
        {
            return uri.Scheme switch
            {
                "redis" or "rediss" => Redis(uri),
                "postgres" or "postgresql" => PostgreSql(uri),
                _ => throw new FormatException(),
            };
        }

        return RedisConfiguration().IsMatch(text) ? new InRedis(Named(ConfigurationOptions.Parse(text)))
            : Keyword().IsMatch(text) ? new InPostgreSql(Named(new NpgsqlConnectionStringBuilder(text)))
            : text.Contains("://", StringComparison.Ordinal) ? throw new FormatException()
            : FolderFront().IsMatch(text) || text.AsSpan().IndexOfAny("=,@;") < 0 ? new Folder(text)
            : throw new FormatException();
    }

    // A text that the parser took as one name may hold a password behind it, as "host=db password=…" and "user:…@host:6379" do; names are shown.
    private static NpgsqlConnectionStringBuilder Named(NpgsqlConnectionStringBuilder connection) =>
        connection.Host is { Length: > 0 } hosts
        && hosts.Split(',').All(static host => host.StartsWith('/') ? !host.Contains('=', StringComparison.Ordinal) : Host().IsMatch(host))
        && !$"{connection.Username}{connection.Database}".Contains('=', StringComparison.Ordinal)
            ? connection
            : throw new FormatException();

    private static ConfigurationOptions Named(ConfigurationOptions connection) =>
        connection.EndPoints is { Count: > 0 } endPoints && endPoints.All(static endPoint => endPoint is not DnsEndPoint { Host: var host } || (Host().IsMatch(host) && !host.Contains(':', StringComparison.Ordinal)))
            ? connection
            : throw new FormatException();

    private static InRedis Redis(Uri uri)
    {
        var options = new ConfigurationOptions { Ssl = uri.Scheme == "rediss" };
        options.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : 6379);
        (options.User, options.Password) = Who(uri);
        if (uri.AbsolutePath.Length > 1)
        {
            options.DefaultDatabase = int.Parse(uri.AbsolutePath.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        }

        if ($"{options.User}{options.Password}".Contains(',', StringComparison.Ordinal))
        {
            // The client's own text of its settings has no way to write one.
            throw new ToolException(ExitCode.UnusableInput, "The user's name or the password of a redis:// address holds a comma, which cannot be handed on. Choose ones without.");
        }

        return uri.Query.Length > 0 ? throw new FormatException() : new(Named(options));
    }

    private static InPostgreSql PostgreSql(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host };
        (builder.Username, builder.Password) = Who(uri);
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (uri.AbsolutePath.Length > 1)
        {
            builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        }

        foreach (string setting in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = setting.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair[1]);
        }

        return new(Named(builder));
    }

    private static (string? User, string? Password) Who(Uri uri)
    {
        string[] parts = uri.UserInfo.Split(':', 2);
        return (parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null, parts is [_, { Length: > 0 } password] ? Uri.UnescapeDataString(password) : null);
    }

    // host:6379, or host:6379,ssl=true, as StackExchange.Redis and the portals of hosters write it.
    [GeneratedRegex(@"^[^=;,/\\\s]+:\d+(,|$)", RegexOptions.CultureInvariant)]
    private static partial Regex RedisConfiguration();

    // A keyword of a connection string in front, and no separator of folders before its equals sign.
    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z ]*=", RegexOptions.CultureInvariant)]
    private static partial Regex Keyword();

    // A name or an address, and a port.
    [GeneratedRegex(@"^([^\s=@:]+|\[?[0-9A-Fa-f:.%]+\]?)(:\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    // What nothing but a path begins with.
    [GeneratedRegex(@"^(\.{0,2}[/\\]|~|[A-Za-z]:[/\\])", RegexOptions.CultureInvariant)]
    private static partial Regex FolderFront();

    /// <summary>Nowhere: a call ends with its line.</summary>
    public sealed record None : JournalPlace
    {
        public override string Shown => "calls are not kept";

        public override string ToText() => Nowhere;
    }

    /// <summary>A folder of this machine, or one that several see.</summary>
    public sealed record Folder(string Path) : JournalPlace
    {
        public override string Shown => $"calls in {Path}";

        public override string ToText() => System.IO.Path.GetFullPath(Path);
    }

    /// <summary>A table of PostgreSQL.</summary>
    public sealed record InPostgreSql(NpgsqlConnectionStringBuilder Connection) : JournalPlace
    {
        public override string Shown => $"calls in PostgreSQL at {Connection.Host}";

        public override IReadOnlyList<string> Secrets => [.. new[] { Connection.Password, Connection.SslPassword }.OfType<string>().Where(static secret => secret.Length > 0)];

        public override string ToText() => Connection.ConnectionString;
    }

    /// <summary>Keys of Redis.</summary>
    public sealed record InRedis(ConfigurationOptions Connection) : JournalPlace
    {
        public override string Shown => $"calls in Redis at {string.Join(", ", Connection.EndPoints.Select(static endPoint => EndPointCollection.ToString(endPoint)))}";

        public override IReadOnlyList<string> Secrets => Connection.Password is { Length: > 0 } password ? [password] : [];

        public override string ToText() => Connection.ToString(includePassword: true);
    }
}
