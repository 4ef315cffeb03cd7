namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A server whose answers are made when a request arrives and delivered when the schedule says so. Versions stand for values.</summary>
internal sealed class ReadSimulation
{
    private readonly List<Request> _outstanding = [];
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);

    /// <summary>A key that may not be read.</summary>
    public const string Forbidden = "forbidden";

    public int Outstanding => _outstanding.Count;

    public int MostOutstanding { get; private set; }

    public int LargestBatch { get; private set; }

    public int Requests { get; private set; }

    public int Version(string key) => _versions.GetValueOrDefault(key);

    public void Write(string key) => _versions[key] = Version(key) + 1;

    public async ValueTask<(string Key, int Version)> ReadOneAsync(string key, CancellationToken cancellationToken) =>
        (await SendAsync([key], cancellationToken))[0];

    public async ValueTask<IReadOnlyList<(string Key, int Version)>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        await SendAsync(keys, cancellationToken);

    /// <summary>Answers one request, or lets it fail.</summary>
    public void Complete(int which, bool fails)
    {
        if (_outstanding.Count == 0)
        {
            return;
        }

        Request request = _outstanding[which % _outstanding.Count];
        _outstanding.Remove(request);
        if (fails)
        {
            request.Source.SetException(new StoreException(StoreError.Unavailable, "It broke."));
        }
        else if (request.Answers.Any(static answer => answer.Key == Forbidden))
        {
            request.Source.SetException(new StoreException(StoreError.Denied, "It may not be read."));
        }
        else
        {
            request.Source.SetResult(request.Answers);
        }
    }

    private Task<IReadOnlyList<(string Key, int Version)>> SendAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        Request request = new([.. keys.Select(key => (key, Version(key)))]);
        _outstanding.Add(request);
        Requests++;
        MostOutstanding = Math.Max(MostOutstanding, _outstanding.Count);
        LargestBatch = Math.Max(LargestBatch, keys.Count);

        Task<IReadOnlyList<(string Key, int Version)>> answered = request.Source.Task.WaitAsync(cancellationToken);

        // A request that is cancelled is over for the server, too, before its caller can notice: what was registered last runs first.
        cancellationToken.Register(() => _outstanding.Remove(request));
        return answered;
    }

    private sealed record Request(IReadOnlyList<(string Key, int Version)> Answers)
    {
        public TaskCompletionSource<IReadOnlyList<(string Key, int Version)>> Source { get; } = new();
    }
}
