namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Requests of one kind for use again. Thread-safe; allocates nothing but the requests.</summary>
/// <typeparam name="T">The kind.</typeparam>
internal sealed class ZooKeeperRequestPool<T>
    where T : ZooKeeperRequest, new()
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private ZooKeeperRequest? _top;
    private int _count;

    /// <summary>One that nobody uses.</summary>
    public T Rent()
    {
        lock (_gate)
        {
            if (_top is { } request)
            {
                _top = request.Next;
                request.Next = null;
                _count--;
                return (T)request;
            }
        }

        return new T();
    }

    /// <summary>Takes one back that nobody uses any more.</summary>
    public void Return(T request)
    {
        lock (_gate)
        {
            if (_count < Capacity)
            {
                request.Next = _top;
                _top = request;
                _count++;
            }
        }
    }
}
