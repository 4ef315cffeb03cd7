namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Requests in order, linked through themselves: nothing is allocated, and one in the middle can leave. Not thread-safe.</summary>
internal sealed class ZooKeeperRequestQueue
{
    /// <summary>The first.</summary>
    public ZooKeeperRequest? Head { get; private set; }

    /// <summary>The last.</summary>
    public ZooKeeperRequest? Tail { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public void Enqueue(ZooKeeperRequest request)
    {
        request.Previous = Tail;
        request.Next = null;
        if (Tail is null)
        {
            Head = request;
        }
        else
        {
            Tail.Next = request;
        }

        Tail = request;
        Count++;
    }

    /// <summary>Puts one before all others.</summary>
    public void EnqueueFirst(ZooKeeperRequest request)
    {
        request.Previous = null;
        request.Next = Head;
        if (Head is null)
        {
            Tail = request;
        }
        else
        {
            Head.Previous = request;
        }

        Head = request;
        Count++;
    }

    public ZooKeeperRequest? TryDequeue()
    {
        ZooKeeperRequest? head = Head;
        if (head is not null)
        {
            Remove(head);
        }

        return head;
    }

    /// <summary>Takes out a request that is in this queue.</summary>
    public void Remove(ZooKeeperRequest request)
    {
        if (request.Previous is null)
        {
            Head = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            Tail = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Next = null;
        request.Previous = null;
        Count--;
    }
}
