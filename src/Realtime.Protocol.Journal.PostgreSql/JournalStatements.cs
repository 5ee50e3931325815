using System.Buffers;
using System.Text;

namespace Realtime.Protocol.PostgreSql;

/// <summary>
/// What a <see cref="PostgreSqlJournal"/> says to its database: one statement for each verb, so that the row's lock makes each of them one step. The names are quoted, since they cannot be parameters.
/// </summary>
/// <remarks>
/// A fence is the server's clock in microseconds, or one more than the fence before where that is higher: it rises also where a row was removed, or where a server that fell back took the place of another. A save has the number that its
/// process gave it: one that was given up, and is done by the server after a newer one, changes nothing.
/// </remarks>
internal sealed class JournalStatements
{
    // PostgreSQL cuts a longer name off without a word, and two tables could become one.
    private const int LongestName = 63;

    private const string Clock = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    public JournalStatements(PostgreSqlJournalOptions options)
    {
        Schema = options.Schema is null ? null : Quoted(options.Schema, nameof(options.Schema));
        Table = (Schema is null ? "" : Schema + ".") + Quoted(options.Table, nameof(options.Table));
        IsTableThere = "select to_regclass($1) is not null";
        IsSchemaThere = "select to_regnamespace($1) is not null";
        CreateSchema = $"create schema if not exists {Schema}";
        CreateTable = $"""
            create table if not exists {Table} (
                call_key bytea primary key,
                call_id text not null,
                fence bigint not null,
                owner text not null,
                claimed_at timestamptz not null,
                saved_at timestamptz,
                ended_at timestamptz,
                writer uuid,
                save bigint,
                checkpoint bytea
            ) with (fillfactor = 70)
            """;
        Claim = $"""
            insert into {Table} as c (call_key, call_id, fence, owner, claimed_at) values ($1, $2, {Clock}, $3, now())
            on conflict (call_key) do update set fence = greatest(c.fence + 1, {Clock}), owner = excluded.owner, claimed_at = now(), ended_at = null, writer = null, save = null
            returning c.fence, c.checkpoint
            """;
        Save = $"""
            update {Table} set checkpoint = case when writer = $4 and save > $5 then checkpoint else $3 end, save = case when writer = $4 and save > $5 then save else $5 end, writer = $4, saved_at = now()
            where call_key = $1 and fence = $2
            """;
        End = $"update {Table} set fence = fence + 1, ended_at = now(), writer = null, save = null, checkpoint = null where call_key = $1 and fence = $2";
        RemoveEnded = $"delete from {Table} where ended_at < now() - $1";
    }

    public string? Schema { get; }

    public string Table { get; }

    public string IsTableThere { get; }

    public string IsSchemaThere { get; }

    public string CreateSchema { get; }

    public string CreateTable { get; }

    public string Claim { get; }

    public string Save { get; }

    public string End { get; }

    public string RemoveEnded { get; }

    /// <summary>Whether PostgreSQL can store this text: no U+0000, and no half of a surrogate pair.</summary>
    public static bool IsText(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int used) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    private static string Quoted(string name, string option) =>
        name is { Length: > 0 } && IsText(name) && Encoding.UTF8.GetByteCount(name) <= LongestName
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : throw new ArgumentException($"{option} has to be a name of PostgreSQL: 1 to {LongestName} bytes of UTF-8, without the character U+0000.", option);
}
