using System.Collections.Concurrent;
using System.Net;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>A server that answers what the test says: the broken and hostile ones that no real etcd can play.</summary>
/// <remarks>What no test scripts is answered as a well etcd with an empty store would. Thread-safe.</remarks>
internal sealed class ScriptedEtcd : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<ScriptedCall, Task>> _script = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;

    private ScriptedEtcd()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // Streams are silent for as long as the test likes.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => TrackAsync(connection, next));
            });
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The methods that were called, in order.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>Starts one.</summary>
    public static async Task<ScriptedEtcd> StartAsync()
    {
        ScriptedEtcd server = new();
        server.On<RangeRequest>("Range", _ => EtcdMessages.Rows(7))
            .On<TxnRequest>("Txn", EtcdMessages.Done)
            .On<LeaseGrantRequest>("LeaseGrant", asked => new LeaseGrantResponse { Header = EtcdMessages.Header(7), ID = 0x77, TTL = asked.TTL })
            .On<LeaseRevokeRequest>("LeaseRevoke", _ => new LeaseRevokeResponse { Header = EtcdMessages.Header(7) })
            .On<AuthenticateRequest>("Authenticate", _ => new AuthenticateResponse { Header = EtcdMessages.Header(7), Token = "t1" })
            .On<StatusRequest>("Status", _ => new StatusResponse { Header = EtcdMessages.Header(7), Version = "3.5.30", Leader = 1 })
            .On("Watch", async call =>
            {
                await call.AcceptWatchAsync();
                await call.HoldAsync();
            })
            .On("LeaseKeepAlive", async call =>
            {
                while (await call.ReadAsync<LeaseKeepAliveRequest>() is { } asked)
                {
                    await call.SendAsync(EtcdMessages.Renewed(asked.ID, 15));
                }
            });
        await server._app.StartAsync();
        server.Endpoint = new Uri(server._app.Urls.Single());
        return server;
    }

    /// <summary>Scripts a method; replaces what was said before.</summary>
    public ScriptedEtcd On(string method, Func<ScriptedCall, Task> answer)
    {
        _script[method] = answer;
        return this;
    }

    /// <summary>Scripts a method that has one request and one answer.</summary>
    public ScriptedEtcd On<TRequest>(string method, Func<TRequest, IMessage> answer)
        where TRequest : class, IMessage<TRequest>, new() =>
        On(method, async call => await call.AnswerAsync(answer((await call.ReadAsync<TRequest>())!)));

    /// <summary>How often a method was called.</summary>
    public int Count(string method) => _calls.Count(called => called == method);

    /// <summary>Cuts all connections, without a word.</summary>
    public void CutConnections()
    {
        foreach (ConnectionContext connection in _connections.Keys)
        {
            connection.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        CutConnections();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task TrackAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        _connections.TryAdd(connection, true);
        await next(connection);
        _connections.TryRemove(connection, out _);
    }

    private async Task ServeAsync(HttpContext context)
    {
        string method = context.Request.Path.Value!.Split('/')[^1];
        _calls.Enqueue(method);
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            await _script[method](new ScriptedCall(context, gone.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has seen enough, or the test is over.
        }
    }
}
