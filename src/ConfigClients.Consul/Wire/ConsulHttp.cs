using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul.Wire;

/// <summary>Sends requests to the endpoint in use, and turns every failure into a <see cref="StoreException"/>. Thread-safe.</summary>
internal sealed class ConsulHttp : IDisposable
{
    /// <summary>Longest body of a listing.</summary>
    public const long MaxListBytes = 64 * 1024 * 1024;

    private const int MaxErrorBytes = 8 * 1024;
    private const string IndexHeader = "X-Consul-Index";
    private const string EncodingHeader = "Content-Encoding";

    private readonly ConsulTargets _targets = new();
    private readonly HttpMessageInvoker _commands;
    private readonly HttpMessageInvoker _watches;
    private readonly ConsulEndpoints _endpoints;
    private readonly string? _token;
    private readonly string? _authorization;
    private readonly string _placement;
    private readonly byte[] _operationPlacement;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _time;

    /// <summary>Opens nothing yet.</summary>
    public ConsulHttp(ConsulStoreOptions options, TimeProvider time, ILogger logger)
    {
        StoreTls tls = new(options.Tls, logger);
        _commands = ConsulHandlers.Create(options, tls, options.MaxConnections);
        _watches = ConsulHandlers.Create(options, tls, options.MaxWatchConnections);
        _endpoints = new ConsulEndpoints(options.Endpoints, logger);
        _token = options.Token;
        _authorization = options.Token is null ? null : "Bearer " + options.Token;
        _connectTimeout = options.ConnectTimeout;
        _requestTimeout = options.RequestTimeout;
        _time = time;

        // Their alphabet needs no escaping; the validator saw to that.
        _placement = (options.Datacenter is null ? "" : "&dc=" + options.Datacenter)
            + (options.Namespace is null ? "" : "&ns=" + options.Namespace)
            + (options.Partition is null ? "" : "&partition=" + options.Partition);
        _operationPlacement = Encoding.ASCII.GetBytes(
            (options.Namespace is null ? "" : $",\"Namespace\":\"{options.Namespace}\"") + (options.Partition is null ? "" : $",\"Partition\":\"{options.Partition}\""));
    }

    /// <summary>Namespace and partition as members of an operation, for transactions: there the query counts for neither. Empty for the default ones.</summary>
    public ReadOnlySpan<byte> OperationPlacement => _operationPlacement;

    /// <summary>Sends one request once.</summary>
    /// <param name="request">The request; its path holds a query already.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <returns>An answer of 200, 404 or 409, its body not read yet.</returns>
    /// <exception cref="StoreException">Anything else.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConsulAnswer> SendAsync(ConsulRequest request, CancellationToken cancellationToken)
    {
        int endpoint = _endpoints.Current;
        long startedAt = _time.GetTimestamp();
        using HttpRequestMessage message = new(request.Method, _targets.Find(_endpoints.Root(endpoint), request.Path, _placement));
        if (_authorization is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", _authorization);
        }

        if (request.Method != HttpMethod.Get)
        {
            // Always with a length: the server's check of the size looks at nothing else.
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }

        try
        {
            HttpMessageInvoker connections = request.IsWatch ? _watches : _commands;
            HttpResponseMessage response = request.IsWrite || request.IsWatch || _endpoints.Count == 1
                ? await connections.SendAsync(message, cancellationToken).ConfigureAwait(false)
                : await SendWithinHalfAsync(connections, message, cancellationToken).ConfigureAwait(false);
            ConsulAnswer answer = new(response, this, endpoint, request.IsWrite);
            bool isAnswer = (int)response.StatusCode is 200 or 404 or 409;
            if (isAnswer && !response.Content.Headers.NonValidated.Contains(EncodingHeader))
            {
                return answer;
            }

            using (answer)
            {
                // Not asked for. Taken for the value, it would be another one; unpacked, it has no bound.
                throw isAnswer
                    ? ConsulFailures.Violation($"{_endpoints.Root(endpoint)} sent a compressed answer, which was not asked for", request.IsWrite)
                    : await RefusalAsync(answer, response, request.IsWrite, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (ConsulFailures.IsTransport(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Fail(e, endpoint, request.IsWrite, message.Options.TryGetValue(ConsulFailures.NewConnection, out bool isNew) && isNew);
        }
        catch (OperationCanceledException) when (!request.IsWatch && _time.GetElapsedTime(startedAt) >= _connectTimeout)
        {
            // It took the request and did not answer in good time.
            _endpoints.Leave(endpoint);
            throw;
        }
    }

    /// <summary>A failure of the transport after the headers had come.</summary>
    internal StoreException Fail(Exception failure, int endpoint, bool isWrite, bool isNewConnection = false)
    {
        _endpoints.Leave(endpoint);
        return ConsulFailures.From(failure, _endpoints.Root(endpoint), isWrite, isNewConnection);
    }

    /// <summary>A text of the server, without the token: a broken server may repeat what it was sent.</summary>
    internal string Redact(string text) => _token is null ? text : text.Replace(_token, "***", StringComparison.Ordinal);

    /// <summary>The index an answer carries: 0 if it is missing or not a number.</summary>
    internal static long Index(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(IndexHeader, out HeaderStringValues values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long index)
            ? index
            : 0;

    /// <summary>Leaves time to ask another endpoint when this one took the request and says nothing. A write must not: it may have taken place.</summary>
    private async Task<HttpResponseMessage> SendWithinHalfAsync(HttpMessageInvoker connections, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using CancellationTokenSource half = new(_requestTimeout / 2, _time);
        using CancellationTokenRegistration link = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), half);
        try
        {
            return await connections.SendAsync(message, half.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested && half.IsCancellationRequested)
        {
            // As the transport says it, so that it is taken for what it is: no answer, try the next.
            throw new HttpRequestException(HttpRequestError.Unknown, "No answer in good time.", e);
        }
    }

    private async ValueTask<StoreException> RefusalAsync(ConsulAnswer answer, HttpResponseMessage response, bool isWrite, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            // Where to is not repeated: the text is the other side's.
            _endpoints.Leave(answer.Endpoint);
            return ConsulFailures.Violation($"{_endpoints.Root(answer.Endpoint)} answered {status}, a redirect, which is not followed", isWrite);
        }

        using ConsulBody body = new(MaxErrorBytes);
        try
        {
            await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Error == StoreError.ProtocolViolation)
        {
            // Longer than any message of Consul; its start will do.
        }

        StoreException refusal = ConsulErrors.FromStatus(
            status, ConsulFailures.Brief(Redact(Encoding.UTF8.GetString(body.Unread))), isWrite, response.Headers.RetryAfter?.Delta);
        if (refusal.IsTransient || refusal.Error == StoreError.ProtocolViolation)
        {
            _endpoints.Leave(answer.Endpoint);
        }

        return refusal;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _commands.Dispose();
        _watches.Dispose();
    }
}
