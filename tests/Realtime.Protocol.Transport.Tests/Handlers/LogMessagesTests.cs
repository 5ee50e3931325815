using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests.Handlers;

/// <summary>The log's messages, of which people filter some by their ids.</summary>
public sealed class LogMessagesTests
{
    [Fact]
    public void EveryMessage_HasAnIdOfItsOwn()
    {
        int[] ids = [.. typeof(LogMessages).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(message => message.EventId)];

        Assert.True(ids.Length > 30);
        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }
}
