using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>What goes along with every call: that it wants a leader, and a token that is fetched once and again when it is refused. Thread-safe.</summary>
/// <remarks>A server that has authentication switched off is taken at its word, until it asks for a user.</remarks>
internal sealed class EtcdCredentials(string? user, string? password, ILogger logger) : IDisposable
{
    /// <summary>Longest token; those with a signature have some hundred characters.</summary>
    private const int MaxTokenLength = 16 * 1024;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Metadata? _current = user is null ? LeaderOnly() : null;

    /// <summary>The headers in use; null until the first were fetched.</summary>
    public Metadata? Current => _current;

    /// <summary>The headers, fetched from a member if there are none.</summary>
    /// <exception cref="RpcException">The member did not hand out a token.</exception>
    /// <exception cref="StoreException">What it handed out is none.</exception>
    public async ValueTask<Metadata> GetAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        if (_current is { } known)
        {
            return known;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _current ??= await FetchAsync(member, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The headers for a stream.</summary>
    /// <exception cref="StoreException">The member did not hand out a token.</exception>
    public async ValueTask<Metadata> HeadersAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(member, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EtcdFailures.From(e, member.Name, isWrite: false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw EtcdFailures.From(e, member.Name, isWrite: false);
        }
    }

    /// <summary>These headers were refused. Whether others are worth a try.</summary>
    public bool Renew(Metadata refused, RpcException answer)
    {
        if (user is null || !EtcdErrors.AsksForToken((int)answer.StatusCode, answer.Status.Detail))
        {
            return false;
        }

        Drop(refused);
        return true;
    }

    /// <summary>These headers are not to be used again.</summary>
    public void Drop(Metadata headers)
    {
        if (user is not null && Interlocked.CompareExchange(ref _current, null, headers) == headers)
        {
            Log.TokenRefused(logger);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Metadata> FetchAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        Metadata headers = LeaderOnly();
        try
        {
            using AsyncUnaryCall<AuthenticateResponse> call = member.Access.AuthenticateAsync(
                new AuthenticateRequest { Name = user, Password = password }, new CallOptions(LeaderOnly(), cancellationToken: cancellationToken));
            AuthenticateResponse answer = await call.ResponseAsync.ConfigureAwait(false);
            headers.Add("token", IsToken(answer.Token) ? answer.Token : throw EtcdFailures.Violation($"{member.Name} handed out a token that is none", isWrite: false));
        }
        catch (RpcException e) when (EtcdErrors.SaysAuthIsOff((int)e.StatusCode, e.Status.Detail))
        {
            Log.AuthenticationIsOff(logger);
        }

        return headers;
    }

    // What no header can hold would fail every call that it goes along with.
    private static bool IsToken(string token) => token.Length is > 0 and <= MaxTokenLength && token.All(static c => c is > ' ' and <= '~');

    // A member that lost its leader then says so at once, and ends streams that would otherwise be silent for ever.
    private static Metadata LeaderOnly() => new() { { "hasleader", "true" } };
}
