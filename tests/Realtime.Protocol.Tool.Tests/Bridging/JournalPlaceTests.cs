using Realtime.Protocol.CommandLine.Bridging;

namespace Realtime.Protocol.CommandLine.Tests.Bridging;

public sealed class JournalPlaceTests
{
    private const string Password = "hunter2-and-more";

    [Theory]
    [InlineData("none", "calls are not kept")]
    [InlineData("calls", "calls in calls")]
    [InlineData("./a=b", "calls in ./a=b")]
    [InlineData("/var/lib/calls", "calls in /var/lib/calls")]
    [InlineData("Host=db;Username=app;Database=calls", "calls in PostgreSQL at db")]
    [InlineData("Server=db", "calls in PostgreSQL at db")]
    [InlineData("Host=db1:5433,db2;Username=app", "calls in PostgreSQL at db1:5433,db2")]
    [InlineData("Host=/run/my postgresql", "calls in PostgreSQL at /run/my postgresql")]
    [InlineData("~/a=b,c", "calls in ~/a=b,c")]
    [InlineData("../a@b", "calls in ../a@b")]
    [InlineData("postgresql://app@db:5433/calls?sslmode=require", "calls in PostgreSQL at db")]
    [InlineData("postgres://db", "calls in PostgreSQL at db")]
    [InlineData("redis://cache", "calls in Redis at cache:6379")]
    [InlineData("rediss://app@cache:6380/2", "calls in Redis at cache:6380")]
    [InlineData("cache:6379", "calls in Redis at cache:6379")]
    [InlineData("cache:6380,ssl=true", "calls in Redis at cache:6380")]
    public void APlace_IsReadFromOneText(string text, string shown) => Assert.Equal(shown, JournalPlace.Read(text, variable: false).Shown);

    [Fact]
    public void AnAddress_SaysAllThatAConnectionStringSays()
    {
        JournalPlace postgreSql = JournalPlace.Read($"postgresql://app:{Uri.EscapeDataString(Password + "/@")}@db:5433/calls?sslmode=require", variable: true);
        JournalPlace redis = JournalPlace.Read($"rediss://app:{Password}@cache:6380/2", variable: true);

        Npgsql.NpgsqlConnectionStringBuilder connection = Assert.IsType<JournalPlace.InPostgreSql>(postgreSql).Connection;
        Assert.Equal(("db", 5433, "app", Password + "/@", "calls", Npgsql.SslMode.Require), (connection.Host, connection.Port, connection.Username, connection.Password, connection.Database, connection.SslMode));
        StackExchange.Redis.ConfigurationOptions options = Assert.IsType<JournalPlace.InRedis>(redis).Connection;
        Assert.Equal(("app", Password, true, (int?)2), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
    }

    [Theory]
    [InlineData("Host=db;Password=" + Password)]
    [InlineData("Host=db;pwd=" + Password)]
    [InlineData("Host=db;SSL Password=" + Password)]
    [InlineData("postgresql://app:" + Password + "@db/calls")]
    [InlineData("redis://:" + Password + "@cache")]
    [InlineData("rediss://app:" + Password + "@cache:6380")]
    [InlineData("cache:6379,password=" + Password)]
    public void APasswordOnTheCommandLine_IsRefused_AndTakenFromAVariable(string text)
    {
        ToolException refused = Assert.Throws<ToolException>(() => JournalPlace.Read(text, variable: false));
        JournalPlace taken = JournalPlace.Read(text, variable: true);

        Assert.Equal(ExitCode.UnusableInput, refused.ExitCode);
        Assert.Contains("--journal-variable NAME", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
        Assert.Equal([Password], taken.Secrets);
        Assert.DoesNotContain(Password, $"{taken}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Pasword=" + Password)]
    [InlineData("postgresql://db/calls?pasword=" + Password)]
    [InlineData("redis://cache/" + Password)]
    [InlineData("redis://cache?password=" + Password)]
    [InlineData("mysql://app:" + Password + "@db")]
    [InlineData("not an address://" + Password)]
    [InlineData("host=db user=app password=" + Password)]
    [InlineData("Username=app password=" + Password + " host=db")]
    [InlineData("Host=db;Username=app password=" + Password)]
    [InlineData("host=/run/postgresql password=" + Password)]
    [InlineData("postgresql://db?host=app:" + Password + "@db")]
    [InlineData("cache,password=" + Password + ",ssl=true")]
    [InlineData("app:" + Password + "@cache:6379")]
    [InlineData("app:" + Password + "@cache:6379,ssl=true")]
    [InlineData("cache:6379,app:" + Password + "@cache:6380")]
    [InlineData("app:" + Password + "@db/calls")]
    [InlineData("redis://app:" + Password + "%2Cand-more@cache")]
    public void WhatCannotBeRead_IsNotRepeated(string text)
    {
        foreach (bool variable in (bool[])[false, true])
        {
            ToolException refused = Assert.Throws<ToolException>(() => JournalPlace.Read(text, variable));

            Assert.Equal(ExitCode.UnusableInput, refused.ExitCode);
            Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("Host=db;Username=app;Password=" + Password)]
    [InlineData("rediss://app:" + Password + "@cache:6380/2")]
    public void TheTextOfAPlace_IsReadAsThatPlace(string text)
    {
        JournalPlace place = JournalPlace.Read(text, variable: true);
        JournalPlace again = JournalPlace.Read(place.ToText(), variable: true);

        Assert.Equal((place.GetType(), place.Shown, place.ToText()), (again.GetType(), again.Shown, again.ToText()));
        Assert.Equal(place.Secrets, again.Secrets);
    }
}
