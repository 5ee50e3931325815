using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

public abstract partial record VoiceTool
{
    /// <summary>
    /// A remote server of the Model Context Protocol, whose tools the service calls by itself. What it calls is told as <see cref="TurnUpdate.ToolStarted"/> and
    /// <see cref="TurnUpdate.ToolFinished"/>; its tools are there when <see cref="VoiceSessionUpdate.McpToolsListed"/> says so, and automatic requests wait for that, 5 s at most (MCP-01).
    /// It is reached by <see cref="Url"/>, <see cref="ConnectorId"/> or <see cref="TunnelId"/>: exactly one of them.
    /// </summary>
    public sealed record McpServer : VoiceTool
    {
        private readonly TimeSpan _approvalTimeout = DefaultApprovalTimeout;

        /// <summary>How long an answer to a question may take, unless its server says otherwise: 60 s.</summary>
        public static TimeSpan DefaultApprovalTimeout => TimeSpan.FromSeconds(60);

        /// <summary>The server's name in this session, unlike those of its other servers.</summary>
        public required string Label { get; init; }

        /// <summary>Which calls wait for somebody's leave.</summary>
        public required McpApprovalPolicy Approval { get; init; }

        /// <summary>The address of the server: absolute.</summary>
        public Uri? Url { get; init; }

        /// <summary>A connector that the service hosts, for instance <c>connector_googledrive</c>.</summary>
        public string? ConnectorId { get; init; }

        /// <summary>A tunnel to a server that is not public: <c>tunnel_</c> and 32 lower-case letters or digits.</summary>
        public string? TunnelId { get; init; }

        /// <summary>What the server is for, told to the model.</summary>
        public string? Description { get; init; }

        /// <summary>
        /// The access token of the server or connector. The service is told it and nobody else. A callback is asked each time that the configuration is sent; an update takes its place in the order
        /// of all that is asked when the token has come.
        /// </summary>
        public RealtimeCredential? Authorization { get; init; }

        /// <summary>HTTP headers that the service sends to the server. They may hold secrets, and are shown nowhere. Copied.</summary>
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public IReadOnlyDictionary<string, string>? Headers { get; init => field = value is null ? null : new Dictionary<string, string>(value); }

        /// <summary>The tools that may be used, by name; null for all. Copied.</summary>
        public IReadOnlyList<string>? AllowedTools { get; init => field = value is null ? null : [.. value]; }

        /// <summary>How long whoever is asked may take about one call. Then the answer is no, and <see cref="SessionProblem.ApprovalUnanswered"/> is told (MCP-03).</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not between a millisecond and 24 days.</exception>
        public TimeSpan ApprovalTimeout
        {
            get => _approvalTimeout;
            init
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(ApprovalTimeout));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(24), nameof(ApprovalTimeout));
                _approvalTimeout = value;
            }
        }

        /// <summary>The label.</summary>
        public override string ToString() => Label;

        internal override Tool ToWire(string argument, McpTokens tokens)
        {
            Check(argument);
            var tool = new McpTool { ServerLabel = Label, RequireApproval = Approval.ToWire() };
            if (Url is not null)
            {
                tool.ServerUrl = Url.AbsoluteUri;
            }

            if (ConnectorId is not null)
            {
                tool.ConnectorId = ConnectorId;
            }

            if (TunnelId is not null)
            {
                tool.TunnelId = TunnelId;
            }

            if (Description is not null)
            {
                tool.ServerDescription = Description;
            }

            if (tokens.Of(this) is { } token)
            {
                tool.Authorization = token;
            }

            if (Headers is not null)
            {
                tool.Headers = Headers.ToArray();
            }

            if (AllowedTools is not null)
            {
                tool.AllowedTools = RawJson.Parse(new JsonArray([.. AllowedTools.Select(static name => JsonValue.Create(name))]).ToJsonString());
            }

            return tool;
        }

        private void Check(string argument)
        {
            string Member(string name) => $"{argument}.{name}";
            if (string.IsNullOrEmpty(Label))
            {
                throw new ArgumentException("An MCP server has no label.", Member(nameof(Label)));
            }

            if (Approval is null)
            {
                throw new ArgumentException($"The MCP server \"{Label}\" does not say which calls wait for leave; the service would ask by default, and nobody would answer.", Member(nameof(Approval)));
            }

            if ((Url is null ? 0 : 1) + (ConnectorId is null ? 0 : 1) + (TunnelId is null ? 0 : 1) != 1)
            {
                throw new ArgumentException($"The MCP server \"{Label}\" is reached by {nameof(Url)}, {nameof(ConnectorId)} or {nameof(TunnelId)}; state exactly one of them.", argument);
            }

            if (Url is { IsAbsoluteUri: false })
            {
                throw new ArgumentException($"The address of the MCP server \"{Label}\" is not absolute.", Member(nameof(Url)));
            }

            Writable.Text(Label, Member(nameof(Label)));
            Writable.Text(ConnectorId, Member(nameof(ConnectorId)));
            Writable.Text(TunnelId, Member(nameof(TunnelId)));
            Writable.Text(Description, Member(nameof(Description)));
            foreach ((string name, string value) in Headers ?? new Dictionary<string, string>())
            {
                Writable.Header(name, value, Member(nameof(Headers)));
            }

            foreach (string tool in AllowedTools ?? [])
            {
                ArgumentException.ThrowIfNullOrEmpty(tool, Member(nameof(AllowedTools)));
                Writable.Text(tool, Member(nameof(AllowedTools)));
            }
        }
    }
}
