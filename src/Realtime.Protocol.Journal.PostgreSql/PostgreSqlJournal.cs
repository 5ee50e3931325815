using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Realtime.Protocol.PostgreSql;

namespace Realtime.Protocol;

/// <summary>
/// A journal in a table of PostgreSQL, for calls of many gateways: whichever of them claims a call has it, and whatever was saved is as safe as the database. Each verb is one statement on a pooled connection, and a save has returned
/// when it is committed. Its members may be called from any thread.
/// </summary>
/// <remarks>
/// What is stored is what was said: let only the application read the table. A call that was ended leaves a row without its checkpoint behind, until <see cref="RemoveEndedAsync"/> takes it away. A failure is Npgsql's own exception;
/// this journal puts neither its connection string nor a checkpoint into one.
/// </remarks>
public sealed class PostgreSqlJournal : ISessionJournal, IAsyncDisposable
{
    // A pooled connection may have lost its server since it was used last; and of transactions that a database makes serializable, all but one begin again.
    private const int Attempts = 50;

    // With the process, not with the journal: a process may have many over one table.
    private static readonly Guid Writer = Guid.NewGuid();
    private static long _saves;

    private readonly NpgsqlDataSource _source;
    private readonly bool _isOwned;
    private readonly JournalStatements _statements;

    /// <summary>A journal over the caller's connections. It says nothing to the database yet.</summary>
    /// <param name="source">Stays the caller's, who disposes it after the journal's last use.</param>
    /// <param name="options">Where the calls are kept; null for the defaults.</param>
    /// <exception cref="ArgumentException">A name of the options is none of PostgreSQL.</exception>
    public PostgreSqlJournal(NpgsqlDataSource source, PostgreSqlJournalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = new NpgsqlConnectionStringBuilder(source.ConnectionString).Multiplexing ? throw Multiplexed(nameof(source)) : source;
        _statements = new(options ?? new());
    }

    /// <summary>A journal over connections of its own, with passwords and TLS. For Kerberos, certificates from code, or Npgsql's own log, build a source. It says nothing to the database yet.</summary>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="options">Where the calls are kept; null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read, or a name of the options is none of PostgreSQL.</exception>
    public PostgreSqlJournal(string connectionString, PostgreSqlJournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        _statements = new(options ?? new());
        (_source, _isOwned) = (Build(connectionString), true);
    }

    /// <summary>
    /// Makes the table, and its schema, where they are not there yet. Any number of processes may ask for it at once, each time they start; where the table is there, it takes no right but to look. Not needed where whoever runs the database has made
    /// the table of the README.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NpgsqlException">The database is gone, or refused.</exception>
    public async Task CreateSchemaAsync(CancellationToken cancellationToken = default)
    {
        if (await AskAsync(_statements.IsTableThere, [_statements.Table], IsTrueAsync, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // To make a schema that is there takes the right to make one, so it is looked for.
        if (_statements.Schema is { } schema && !await AskAsync(_statements.IsSchemaThere, [schema], IsTrueAsync, cancellationToken).ConfigureAwait(false))
        {
            await CreateAsync(_statements.CreateSchema, cancellationToken).ConfigureAwait(false);
        }

        await CreateAsync(_statements.CreateTable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database is gone, or refused.</exception>
    /// <exception cref="ArgumentException">The id or the owner holds U+0000 or half of a surrogate pair, which PostgreSQL does not store.</exception>
    public async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        object[] values = [KeyOf(callId), callId, Checked(owner, nameof(owner))];
        return await AskAsync(_statements.Claim, values, ReadClaimAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database is gone, or refused.</exception>
    public async ValueTask<bool> SaveAsync(string callId, long fence, [Borrowed] ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        // A copy, since a save that is given up may go on writing.
        object[] values = [KeyOf(callId), fence, checkpoint.ToArray(), Writer, Interlocked.Increment(ref _saves)];
        return await AskAsync(_statements.Save, values, CountAsync, cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database is gone, or refused.</exception>
    public async ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
    {
        object[] values = [KeyOf(callId), fence];
        await AskAsync(_statements.End, values, CountAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes away what ended calls left behind: their ids, owners and times. Fences rise nevertheless, since they begin at the time of the database.</summary>
    /// <param name="age">How long ago they ended at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were taken away.</returns>
    /// <exception cref="NpgsqlException">The database is gone, or refused.</exception>
    public async ValueTask<int> RemoveEndedAsync(TimeSpan age, CancellationToken cancellationToken = default) =>
        await AskAsync(_statements.RemoveEnded, [age], CountAsync, cancellationToken).ConfigureAwait(false);

    /// <summary>Closes the connections that the journal made of a connection string; a source of the caller's stays open.</summary>
    public ValueTask DisposeAsync() => _isOwned ? _source.DisposeAsync() : default;

    // The slim builder leaves out what a journal has no use for, so that it can be trimmed.
    private static NpgsqlDataSource Build(string connectionString)
    {
        try
        {
            NpgsqlSlimDataSourceBuilder builder = new NpgsqlSlimDataSourceBuilder(connectionString).EnableTransportSecurity();
            if (!builder.ConnectionStringBuilder.Multiplexing)
            {
                return builder.Build();
            }
        }
        catch (Exception unreadable)
        {
            // Its text may repeat a part of the connection string, and that part may be one of a password.
            throw new ArgumentException($"Npgsql cannot use the connection string ({unreadable.GetType().Name}). Which part is wrong is not repeated here, since it may hold a password.", nameof(connectionString));
        }

        // No source was made that somebody would have to close.
        throw Multiplexed(nameof(connectionString));
    }

    private static ArgumentException Multiplexed(string name) => new("Npgsql prepares no statement where Multiplexing is on. Give the journal a source without it.", name);

    private static byte[] KeyOf(string callId)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        return SHA256.HashData(Encoding.UTF8.GetBytes(Checked(callId, nameof(callId))));
    }

    private static string Checked(string text, string name) =>
        JournalStatements.IsText(text) ? text : throw new ArgumentException("PostgreSQL does not store text with the character U+0000 or with half of a surrogate pair.", name);

    private static async Task<JournalClaim> ReadClaimAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return new JournalClaim(reader.GetInt64(0), reader.IsDBNull(1) ? null : (ReadOnlyMemory<byte>?)reader.GetFieldValue<byte[]>(1));
        }
    }

    private static Task<int> CountAsync(NpgsqlCommand command, CancellationToken cancellationToken) => command.ExecuteNonQueryAsync(cancellationToken);

    private static async Task<bool> IsTrueAsync(NpgsqlCommand command, CancellationToken cancellationToken) => await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;

    private static void Cancel(CancellationTokenSource abandoned)
    {
        try
        {
            abandoned.Cancel();
        }
        catch (AggregateException)
        {
            // Nobody waits for it, and a thread that throws ends the process.
        }
    }

    private static bool MayTryAgain(NpgsqlException failure, int attempt) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => attempt < Attempts,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } or { InnerException: IOException } => attempt == 1,
        _ => false,
    };

    // Of two that create at once, one may run into the other: what it wanted is there then.
    private async Task CreateAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(statement, [], CountAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateObject)
        {
        }
    }

    /// <summary>
    /// Who gives up is answered at once. Npgsql then asks the server to stop, on a new connection and with a thread that waits for it: from a pool that the application shares, a server that hangs would take a thread for each session. So it gets one of its own.
    /// </summary>
    private async Task<T> AskAsync<T>(string statement, object[] values, Func<NpgsqlCommand, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var abandoned = new CancellationTokenSource();
        Task<T> asking = TryAsync(statement, values, ask, abandoned.Token);
        try
        {
            return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = asking.ContinueWith(static left => _ = left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (!asking.IsCompleted)
            {
                new Thread(static source => Cancel((CancellationTokenSource)source!)) { IsBackground = true, Name = "PostgreSqlJournal gives up" }.Start(abandoned);
            }

            throw;
        }
    }

    private async Task<T> TryAsync<T>(string statement, object[] values, Func<NpgsqlCommand, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                try
                {
                    using var command = new NpgsqlCommand(statement, connection);
                    foreach (object value in values)
                    {
                        command.Parameters.Add(new NpgsqlParameter { Value = value });
                    }

                    await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
                    return await ask(command, cancellationToken).ConfigureAwait(false);
                }
                catch (NpgsqlException failure) when (MayTryAgain(failure, attempt))
                {
                }
            }
        }
    }
}
