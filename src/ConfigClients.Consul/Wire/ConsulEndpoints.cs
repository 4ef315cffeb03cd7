using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul.Wire;

/// <summary>The endpoints: one is in use until it fails, then the next in turn. Thread-safe.</summary>
internal sealed class ConsulEndpoints(IEnumerable<Uri> endpoints, ILogger logger)
{
    private readonly string[] _roots = [.. endpoints.Select(static endpoint => endpoint.GetLeftPart(UriPartial.Authority))];
    private int _current;

    /// <summary>How many there are.</summary>
    public int Count => _roots.Length;

    /// <summary>Which one is in use.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Scheme, host and port.</summary>
    public string Root(int endpoint) => _roots[endpoint];

    /// <summary>An endpoint failed: others come first from now on. Failures of one that was left already change nothing.</summary>
    public void Leave(int endpoint)
    {
        int next = (endpoint + 1) % _roots.Length;
        if (next != endpoint && Interlocked.CompareExchange(ref _current, next, endpoint) == endpoint)
        {
            Log.EndpointLeft(logger, _roots[endpoint], _roots[next]);
        }
    }
}
