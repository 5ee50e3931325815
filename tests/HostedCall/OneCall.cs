using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Realtime.Protocol.Hosting;

namespace Realtime.Protocol.HostedCall;

/// <summary>One call with one question, whose answer is taken as it comes. A line at each step, so that whoever started it knows when to end it.</summary>
internal sealed class OneCall(VoiceSessionFactory calls, IHostEnvironment environment, IConfiguration configuration) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var journal = new FileJournal(Path.Combine(environment.ContentRootPath, "journal"));
        await using VoiceSession call = await calls.ConnectAsync(options => (options.Journal, options.CallId) = (journal, "call-9"), stoppingToken);
        Turn turn = call.SendMessage(configuration["Question"]!);
        bool isFirst = true;
        while (await turn.Audio.ReadAsync(CancellationToken.None) is { IsCompleted: false } read)
        {
            if (isFirst)
            {
                Console.WriteLine("speaking");
                isFirst = false;
            }

            turn.Audio.AdvanceTo(read.Buffer.End);
        }

        Console.WriteLine($"outcome {(await turn.Completion).Outcome.GetType().Name}");
        Console.WriteLine($"ended {(await call.Ended).Kind}");
    }
}
