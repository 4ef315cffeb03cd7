using System.Globalization;
using System.Net;

namespace ConfigClients.Benchmarks;

/// <summary>What a careful engineer writes without a library: one HttpClient, the URL, the body thrown away. The yardstick.</summary>
internal sealed class BareConsul : IDisposable
{
    private readonly HttpClient _http;
    private readonly byte[] _buffer = new byte[1 << 20];

    public BareConsul(Uri endpoint, int maxConnections = int.MaxValue)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = maxConnections,
        })
        {
            BaseAddress = endpoint,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Reads a URL and throws the body away.</summary>
    public async ValueTask GetAsync(string pathAndQuery)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(pathAndQuery, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = _buffer;
        while (await body.ReadAsync(buffer) > 0)
        {
        }
    }

    public async ValueTask PutAsync(string key, byte[] value)
    {
        using ByteArrayContent content = new(value);
        using HttpResponseMessage response = await _http.PutAsync(new Uri($"/v1/kv/{key}", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Opens a session without checks and without a delay after it.</summary>
    public async Task<string> OpenSessionAsync()
    {
        using StringContent content = new("{\"TTL\":\"60s\",\"LockDelay\":\"0s\",\"Behavior\":\"delete\",\"NodeChecks\":[]}");
        using HttpResponseMessage response = await _http.PutAsync(new Uri("/v1/session/create", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        string answer = await response.Content.ReadAsStringAsync();
        return answer.Split('"')[3];
    }

    /// <summary>Sends a PUT without a body.</summary>
    /// <returns>Whether the answer is <c>true</c>.</returns>
    public async Task<bool> PutAsync(string pathAndQuery)
    {
        using ByteArrayContent content = new([]);
        using HttpResponseMessage response = await _http.PutAsync(new Uri(pathAndQuery, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync()).StartsWith("true", StringComparison.Ordinal);
    }

    /// <summary>One round of a bare blocking query.</summary>
    public async Task<(long Index, byte[] Body)> BlockAsync(string path, long index, CancellationToken cancellationToken)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"{path}&index={index}&wait=55s");
        using HttpResponseMessage response = await _http.GetAsync(new Uri(url, UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
        long next = long.Parse(response.Headers.GetValues("X-Consul-Index").First(), CultureInfo.InvariantCulture);
        return (next, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();
}
