using System.Diagnostics;

namespace Realtime.Protocol.CommandLine.Chaos.Servers;

/// <summary>
/// A server in a folder of its own under the temporary one, watched by a shell that outlives us: when we end, however we end, it ends the server and removes the folder. The server can be killed, stopped in its tracks, and started anew over what it had stored.
/// </summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    // Reads a verb a line, and answers each with one. Its input ends when we end. The processes of a server are itself and its children: what they are stops first, so that it makes no more of them.
    private const string Guard = """
        last=$1 prepare=$2 serve=$3
        umask 077
        folder=$(mktemp -d "${TMPDIR:-/tmp}/realtime-server-XXXXXX") || exit 1
        cd "$folder" || exit 1
        server=
        all() { echo $server $(cat "/proc/$server/task/$server/children" 2>/dev/null); }
        tell() { [ -z "$server" ] || kill "-$1" $(all) 2>/dev/null; }
        sh -c "$prepare" >log 2>&1 </dev/null && echo "$folder" || { cat log; cd /; rm -rf "$folder"; exit 1; }
        while read -r verb argument; do
            case $verb in
            start) export argument; sh -c "exec $serve" >>log 2>&1 </dev/null & server=$! ;;
            stop) kill -STOP $server; tell STOP ;;
            continue) tell CONT ;;
            kill) kill -STOP $server; tell KILL; wait $server 2>/dev/null; server= ;;
            look) kill -0 $server 2>/dev/null && { echo runs; continue; } ;;
            esac
            echo done
        done
        tell CONT
        if [ -n "$server" ]; then
            kill "-$last" $server 2>/dev/null
            (sleep 10; kill -KILL $server) >/dev/null 2>&1 & late=$!
            wait $server 2>/dev/null
            kill $late 2>/dev/null
        fi
        cd /
        rm -rf "$folder"
        """;

    // Command lines are everybody's to read; the environment of a process is its owner's.
    private const string SecretVariable = "secret";

    private readonly Process _guard;
    private readonly SemaphoreSlim _turn = new(1);

    private GuardedServer(Process guard, string folder) => (_guard, Folder) = (guard, folder);

    /// <summary>Where the server keeps everything.</summary>
    public string Folder { get; }

    /// <summary>Starts the guard and prepares the folder. No server runs yet.</summary>
    /// <param name="lastSignal">What ends the server in an orderly way.</param>
    /// <param name="prepare">A command for a shell in the folder.</param>
    /// <param name="serve">The server as a command for a shell in the folder; <c>$argument</c> is what it is started with.</param>
    /// <param name="secret">What both find as <c>$secret</c> in their environment, for a file of the folder and never for a command line of a program.</param>
    /// <param name="user">Who runs it where we are root, for a server that serves nobody as root.</param>
    public static async Task<GuardedServer> PrepareAsync(string lastSignal, string prepare, string serve, string secret, string? user = null)
    {
        string[] asOther = user is not null && Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups"] : [];
        var start = new ProcessStartInfo("setsid", [.. asOther, "sh", "-c", Guard, "guard", lastSignal, prepare, serve])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment[SecretVariable] = secret;
        Process guard = Process.Start(start)!;
        string said = await guard.StandardOutput.ReadLineAsync() ?? "nothing";
        return Directory.Exists(said) ? new(guard, said) : throw new InvalidOperationException($"A server's folder could not be prepared: {said}{await guard.StandardOutput.ReadToEndAsync()}");
    }

    /// <summary>Starts the server, which may take a moment to be ready.</summary>
    public Task StartAsync(string argument = "") => TellAsync($"start {argument}");

    /// <summary>It stands still: whoever asks it gets no answer, and no refusal.</summary>
    public Task StopAsync() => TellAsync("stop");

    /// <summary>It goes on.</summary>
    public Task ContinueAsync() => TellAsync("continue");

    /// <summary>It ends at once, without a word.</summary>
    public Task KillAsync() => TellAsync("kill");

    /// <summary>Whether its process is there.</summary>
    public async Task<bool> IsRunningAsync() => await TellAsync("look") == "runs";

    /// <summary>Waits until it answers.</summary>
    /// <param name="ask">Throws when it does not.</param>
    /// <returns>False when it ended instead.</returns>
    public async Task<bool> IsReadyAsync(Func<Task> ask)
    {
        for (long begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await ask();
                return true;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60))
            {
                if (!await IsRunningAsync())
                {
                    return false;
                }

                await Task.Delay(20); // nothing tells of it
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        _turn.Dispose();
    }

    private async Task<string?> TellAsync(string verb)
    {
        await _turn.WaitAsync();
        try
        {
            await _guard.StandardInput.WriteLineAsync(verb);
            return await _guard.StandardOutput.ReadLineAsync();
        }
        finally
        {
            _turn.Release();
        }
    }
}
