using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>
/// One page in a Chromium of its own, whose microphone is a WAV file that is spoken again and again. It is led by the browser's own protocol for tools (DevTools), over a WebSocket: commands are answered, and what the page complains of is kept.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Process _browser;
    private readonly DirectoryInfo _folder;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _receiving = Task.CompletedTask;
    private Task _printing = Task.CompletedTask;
    private TaskCompletionSource _loaded = new();
    private string? _session;
    private int _last;

    private BrowserPage(Process browser, DirectoryInfo folder) => (_browser, _folder) = (browser, folder);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What its programs failed in, and what its policy did not allow.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Opens an address. Skips the test where there is no browser.</summary>
    /// <param name="microphone">PCM16 at 24 kHz.</param>
    /// <param name="before">A program that runs before those of the page; null for none.</param>
    public static async Task<BrowserPage> OpenAsync(Uri address, byte[] microphone, string? before = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("realtime-page-");
        BrowserPage? page = null;
        try
        {
            string voice = Path.Combine(folder.FullName, "voice.wav");
            await File.WriteAllBytesAsync(voice, Wav(microphone), Stop);
            Process browser = Chromium.Start(
                Path.Combine(folder.FullName, "browser"),
                "--remote-debugging-port=0", "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-audio-capture={voice}", "--window-size=760,720", "--hide-scrollbars");
            page = new(browser, folder);
            await page.AttachAsync();
            await page.AskAsync("Page.enable");
            await page.AskAsync("Runtime.enable");
            await page.AskAsync("Log.enable");
            if (before is not null)
            {
                await page.AskAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = before });
            }

            await page.NavigateAsync(address);
            return page;
        }
        catch
        {
            if (page is null)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                await page.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Loads an address in place of what is there, or once more.</summary>
    public async Task NavigateAsync(Uri address)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _loaded, loaded);
        await AskAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await loaded.Task.WaitAsync(Patience, Stop);
    }

    /// <summary>The value of an expression, whose promise is awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode answer = await AskAsync("Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.Null(answer["exceptionDetails"]);
        return answer["result"]!["value"];
    }

    /// <summary>What <c>window.call</c> is when a condition on it, <c>call</c>, is met for the first time.</summary>
    public async Task<JsonNode> CallAsync(string condition)
    {
        try
        {
            return (await EvaluateAsync($$"""
                new Promise(met => {
                  const look = () => {
                    const call = window.call;
                    if (!({{condition}})) return;
                    removeEventListener("callchange", look);
                    met(call);
                  };
                  addEventListener("callchange", look);
                  look();
                })
                """))!;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It never was so that {condition}. It is {await EvaluateAsync("JSON.stringify(window.call)")}; {string.Join(" ", _complaints)}");
            throw;
        }
    }

    /// <summary>Presses the Enter key.</summary>
    public async Task PressEnterAsync()
    {
        await AskAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13, ["text"] = "\r" });
        await AskAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
    }

    /// <summary>What is to be seen, as PNG.</summary>
    public async Task<byte[]> PictureAsync() => Convert.FromBase64String((string)(await AskAsync("Page.captureScreenshot", new() { ["format"] = "png" }))["data"]!);

    public async Task<JsonNode> AskAsync(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        await _sending.WaitAsync(Stop);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, Stop);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Patience, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_browser.HasExited)
        {
            _browser.Kill(entireProcessTree: true);
        }

        try
        {
            await _browser.WaitForExitAsync(CancellationToken.None);
            await _receiving;
            await _printing;
        }
        finally
        {
            _browser.Dispose();
            _socket.Dispose();
            _sending.Dispose();
            await DeleteAsync(_folder);
        }
    }

    // Children of the browser that were killed with it may write for a moment yet. What they leave in a folder of temporary files is no reason for a test to fail.
    private static async Task DeleteAsync(DirectoryInfo folder)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    // The browser says on its error output where it is led from.
    private async Task AttachAsync()
    {
        const string Listening = "DevTools listening on ";
        string? line;
        do
        {
            line = await _browser.StandardError.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
            Assert.NotNull(line);
        }
        while (!line.StartsWith(Listening, StringComparison.Ordinal));
        _printing = Task.WhenAll(_browser.StandardError.ReadToEndAsync(CancellationToken.None), _browser.StandardOutput.ReadToEndAsync(CancellationToken.None));
        await _socket.ConnectAsync(new(line[Listening.Length..]), Stop).WaitAsync(Patience, Stop);
        _receiving = ReceiveAsync();
        JsonNode page = await AskAsync("Target.createTarget", new() { ["url"] = "about:blank" });
        _session = (string)(await AskAsync("Target.attachToTarget", new() { ["targetId"] = (string)page["targetId"]!, ["flatten"] = true }))["sessionId"]!;
    }

    private async Task ReceiveAsync()
    {
        var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (read.MessageType is WebSocketMessageType.Close)
                {
                    return;
                }

                message.Write(buffer, 0, read.Count);
                if (read.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                    message.SetLength(0);
                }
            }
        }
        catch (WebSocketException)
        {
            // The browser was ended.
        }
        finally
        {
            foreach (TaskCompletionSource<JsonNode> asked in _asked.Values)
            {
                asked.TrySetException(new InvalidOperationException("The browser has ended."));
            }
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (_asked.TryRemove((int)id, out TaskCompletionSource<JsonNode>? asked))
            {
                _ = message["error"] is { } error ? asked.TrySetException(new InvalidOperationException(error.ToJsonString())) : asked.TrySetResult(message["result"]!);
            }

            return;
        }

        switch ((string)message["method"]!)
        {
            case "Page.loadEventFired":
                Volatile.Read(ref _loaded).TrySetResult();
                break;
            case "Runtime.exceptionThrown":
                _complaints.Enqueue(message["params"]!["exceptionDetails"]!.ToJsonString());
                break;

            // That a gateway can't be reached is no mistake of the page.
            case "Log.entryAdded" when (string)message["params"]!["entry"]!["level"]! == "error" && (string)message["params"]!["entry"]!["source"]! != "network":
                _complaints.Enqueue((string)message["params"]!["entry"]!["text"]!);
                break;
            default:
                break;
        }
    }

    private static byte[] Wav(byte[] samples)
    {
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file))
        {
            writer.Write("RIFF"u8);
            writer.Write(36 + samples.Length);
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)1);
            writer.Write(24_000);
            writer.Write(48_000);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(samples.Length);
            writer.Write(samples);
        }

        return file.ToArray();
    }
}
