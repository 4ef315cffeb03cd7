using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Etcd.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>What goes wrong below the answers: no connection, another protocol, floods, bombs and redirects.</summary>
public sealed class EtcdHostileTransportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", false)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("", true)]
    public async Task What_does_not_speak_http_2_is_unavailable_and_the_message_says_so(string greeting, bool hangsUp)
    {
        await using RawServer server = new(System.Text.Encoding.ASCII.GetBytes(greeting), hangsUp);
        await using IConfigStore store = Open(server.Endpoint);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.Contains("HTTP/2", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, server.Connections);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_was_not_sent_a_write()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        StoreException failure = await SendOnceAsync(new Uri($"http://127.0.0.1:{port}"));

        Assert.Equal((StoreError.Unavailable, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("ConnectionRefused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tls_handshake_that_does_not_end_was_not_sent_a_write()
    {
        await using RawServer server = new([], hangsUp: false);

        StoreException failure = await SendOnceAsync(new UriBuilder(server.Endpoint) { Scheme = "https" }.Uri);

        Assert.Equal((StoreError.Unavailable, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("ConnectTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_on_a_connection_that_never_answers_may_have_been_applied()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        proxy.ToClient.Hold();
        Task<StoreException> write = SendOnceAsync(proxy.Endpoint);
        await Eventually.HoldsAsync(() => server.Count("Txn") == 1);

        proxy.ResetAll();

        StoreException failure = await write;
        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task Silence_after_the_connection_leaves_a_write_open()
    {
        await using RawServer server = new([], hangsUp: false);
        await using IConfigStore store = Open(server.Endpoint, ScriptedStores.Impatient);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task A_compressed_answer_is_not_asked_for_and_not_unpacked()
    {
        string accepted = "";
        byte[] packed = Pack(EtcdMessages.Rows(7, EtcdMessages.Row("a")).ToByteArray());
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            accepted = call.Header("grpc-accept-encoding");
            call.Set("grpc-encoding", "gzip");
            await call.SendAsync(ScriptedCall.Frame(packed, flag: 1));
            call.End();
        });
        await using IConfigStore store = Open(server.Endpoint);

        // Unpacked, it would be a good answer.
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((StoreError.ProtocolViolation, "identity"), (failure.Error, accepted.TrimEnd(',')));
    }

    [Fact]
    public async Task A_write_whose_answer_is_compressed_may_have_been_applied()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", async call =>
        {
            call.Set("grpc-encoding", "gzip");
            await call.SendAsync(ScriptedCall.Frame([1, 2, 3], flag: 1));
            call.End();
        });
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.ProtocolViolation, true), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task A_flood_of_headers_is_cut_off()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", call =>
        {
            for (int i = 0; i < 100; i++)
            {
                call.Set($"x-flood-{i}", new string('x', 1000));
            }

            return call.AnswerAsync(EtcdMessages.Rows(7, EtcdMessages.Row("a")));
        });
        await using IConfigStore store = server.Open(ScriptedStores.Impatient);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.Unavailable, failure.Error);
    }

    [Fact]
    public async Task A_byte_at_a_time_does_not_reset_the_deadline()
    {
        byte[] answer = ScriptedCall.Frame(EtcdMessages.Rows(7, EtcdMessages.Row("a")).ToByteArray());
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            foreach (byte one in answer)
            {
                await call.SendAsync(new[] { one });
                await Task.Delay(100, Stop);
            }

            call.End();
        });
        await using IConfigStore store = server.Open(TimeSpan.FromSeconds(1));
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, answer.Length * 0.1);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using ScriptedEtcd elsewhere = await ScriptedEtcd.StartAsync();
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", async call =>
        {
            call.Set("location", $"{elsewhere.Endpoint}etcdserverpb.KV/Txn");
            await call.AnswerAsWebAsync(307, "text/html", "");
        });
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.ProtocolViolation, true), (failure.Error, failure.MayHaveApplied));
        Assert.Empty(elsewhere.Calls);
        Assert.DoesNotContain(elsewhere.Endpoint.Authority, failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static IConfigStore Open(Uri endpoint, TimeSpan? timeout = null) => EtcdStores.Open(endpoint, options =>
    {
        options.RequestTimeout = timeout ?? ScriptedStores.Patient;
        options.ConnectTimeout = options.RequestTimeout / 2;
    });

    /// <summary>One attempt at a write, past the policy that would try again.</summary>
    private static async Task<StoreException> SendOnceAsync(Uri endpoint)
    {
        EtcdStoreOptions options = new() { ConnectTimeout = TimeSpan.FromSeconds(0.5) };
        options.Endpoints.Add(endpoint);
        await using EtcdMembers members = EtcdMembers.Create(options, TimeProvider.System, NullLogger.Instance);
        using EtcdCredentials credentials = new(null, null, NullLogger.Instance);
        EtcdTxns txns = new(new EtcdCalls(members, credentials, options.RequestTimeout, TimeProvider.System));
        EtcdCommit commit = new(new EtcdKeys(""));
        commit.Write("a", "v"u8.ToArray(), null);

        return await Assert.ThrowsAsync<StoreException>(() => txns.CommitAsync(commit, Stop).AsTask());
    }
}
