using System.Net.Http;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>An answer whose headers have come. Dispose it; a body that was not read to its end closes the connection.</summary>
internal readonly struct ConsulAnswer(HttpResponseMessage response, ConsulHttp http, int endpoint, bool isWrite) : IDisposable
{
    /// <summary>Which endpoint sent it.</summary>
    public int Endpoint => endpoint;

    /// <summary>200, 404 or 409.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>The index the result stands at; 0 if the answer does not say.</summary>
    public long Index => ConsulHttp.Index(response);

    /// <summary>How long the body says it is; 0 if it does not say.</summary>
    public long ExpectedBytes => response.Content.Headers.ContentLength ?? 0;

    /// <summary>The body, to be read as it arrives.</summary>
    public Stream Open() => response.Content.ReadAsStream();

    /// <summary>A missing key answers 404 with an index; without one, this is not Consul's interface.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.ProtocolViolation"/>.</exception>
    public void RequireIndex()
    {
        if (Index == 0)
        {
            throw ConsulFailures.Violation($"The answer {Status} carries no index: this does not look like Consul's HTTP interface", isWrite);
        }
    }

    /// <summary>What is read must be JSON.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.ProtocolViolation"/>.</exception>
    public void RequireJson()
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Type", out System.Net.Http.Headers.HeaderStringValues values)
            || !values.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw ConsulFailures.Violation($"The answer {Status} is not JSON: this does not look like Consul's HTTP interface", isWrite);
        }
    }

    /// <summary>Reads the body to its end.</summary>
    public async ValueTask ReadAllAsync(ConsulBody body, CancellationToken cancellationToken)
    {
        Stream stream = Open();
        while (await ReceiveAsync(body, stream, cancellationToken).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Reads some of the body.</summary>
    /// <returns>False at its end.</returns>
    public async ValueTask<bool> ReceiveAsync(ConsulBody body, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReceiveAsync(stream, ExpectedBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ConsulFailures.IsTransport(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw http.Fail(e, endpoint, isWrite);
        }
    }

    /// <summary>Turns what a parser throws into the contract's word.</summary>
    public StoreException Malformed(JsonException cause) => ConsulFailures.Violation("The answer is not what Consul sends", isWrite, cause);

    /// <inheritdoc/>
    public void Dispose() => response.Dispose();
}
