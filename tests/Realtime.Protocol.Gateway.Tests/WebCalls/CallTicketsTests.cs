using System.Security.Cryptography;
using Realtime.Protocol.Testing;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Whom a ticket lets in.</summary>
public class CallTicketsTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void ATicket_LetsIn_OnceToItsCall()
    {
        var tickets = new CallTickets(null, _time);
        string ticket = tickets.Create("42");

        Assert.False(tickets.TryUse(ticket, "43", out string? wrong));
        Assert.Equal("The ticket is not one to this call.", wrong);
        Assert.True(tickets.TryUse(ticket, "42", out _));
        Assert.False(tickets.TryUse(ticket, "42", out wrong));
        Assert.Equal("The ticket was used before.", wrong);
        Assert.Matches("^[A-Za-z0-9_-]+$", ticket); // a token of RFC 7230, as a subprotocol has to be
    }

    [Fact]
    public void ATicket_Expires()
    {
        var tickets = new CallTickets(null, _time);
        string ticket = tickets.Create("42", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.False(tickets.TryUse(ticket, "42", out string? wrong));
        Assert.Equal("The ticket has expired.", wrong);
    }

    [Fact]
    public void ADateThatIsPutBack_LetsNobodyInAgain_AndNewTicketsAreGood()
    {
        var date = new JumpingTime(_time);
        var tickets = new CallTickets(null, date);
        string used = tickets.Create("42");
        Assert.True(tickets.TryUse(used, "42", out _));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(tickets.TryUse(tickets.Create("42"), "42", out _)); // what is over is forgotten

        date.Jump(TimeSpan.FromMinutes(-59));

        Assert.False(tickets.TryUse(used, "42", out string? wrong));
        Assert.Equal("The ticket was used before.", wrong);
        Assert.True(tickets.TryUse(tickets.Create("42"), "42", out _));
    }

    [Fact]
    public void ADateThatWasADayAhead_LeavesNothingBehind()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        var date = new JumpingTime(_time);
        var tickets = new CallTickets(key, date);
        date.Jump(TimeSpan.FromDays(1));
        Assert.True(tickets.TryUse(tickets.Create("42"), "42", out _));
        date.Jump(TimeSpan.FromDays(-1));

        Assert.True(tickets.TryUse(new CallTickets(key, _time).Create("42"), "42", out _));
        string ticket = tickets.Create("42");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(new CallTickets(key, _time).TryUse(ticket, "42", out _));
    }

    [Fact]
    public void OneKey_IsGoodForManyProcesses_AndAnotherForNone()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        string ticket = new CallTickets(key, _time).Create("42");

        Assert.True(new CallTickets([.. key], _time).TryUse(ticket, "42", out _));
        Assert.False(new CallTickets(null, _time).TryUse(ticket, "42", out _));
        Assert.Throws<ArgumentException>(static () => new VoiceGatewayOptions { TicketKey = new byte[31] });
    }

    [Fact]
    public void EveryIdThatCanBeDialled_HasItsTicket()
    {
        var tickets = new CallTickets(null, _time);
        string longest = new('\u20AC', 128); // three bytes each

        Assert.True(CallWords.IsCallId(longest));
        Assert.True(tickets.TryUse(tickets.Create(longest), longest, out _));
        Assert.Throws<ArgumentException>(() => tickets.Create(longest + "x"));
    }

    [Fact]
    public void AnyChange_MakesItNone()
    {
        var tickets = new CallTickets(null, _time);
        string ticket = tickets.Create("42");
        for (int i = 0; i < ticket.Length - 1; i++)
        {
            char other = ticket[i] == 'A' ? 'B' : 'A';
            Assert.False(tickets.TryUse(ticket[..i] + other + ticket[(i + 1)..], "42", out _));
        }

        Assert.All((string[])["", "AAAA", ticket + "A", ticket[1..], new string('*', ticket.Length)], wrong => Assert.False(tickets.TryUse(wrong, "42", out _)));
        Assert.True(tickets.TryUse(ticket, "42", out _));
    }
}
