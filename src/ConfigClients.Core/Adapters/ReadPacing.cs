using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>When the next request that reads may share goes out. Not thread-safe.</summary>
/// <remarks>
/// <para>Nothing outstanding: at once. One outstanding: as soon as half of those who want to read are waiting. Two: not before one is answered.</para>
/// <para>
/// So the server always has one request at hand while the readers of the other go on, and each request carries half of them. Sent as soon as there is room,
/// it would carry those only who had come back by then, a third or less, and requests cost the server more than reads.
/// </para>
/// </remarks>
[Experimental("CONFIGCLIENTS001")]
public struct ReadPacing
{
    private const int MaxOutstanding = 2;

    private int _requests;
    private int _reads;
    private int _half;

    /// <summary>Whether a request may go out.</summary>
    /// <param name="waiting">How many reads are waiting for one.</param>
    /// <param name="most">The most reads that one request holds.</param>
    public readonly bool MayGo(int waiting, int most) => _requests == 0 || (_requests < MaxOutstanding && waiting >= Math.Min(_half, most));

    /// <summary>A request went out.</summary>
    /// <param name="reads">How many reads it carries.</param>
    public void Sent(int reads)
    {
        _requests++;
        _reads += reads;
    }

    /// <summary>A request was answered, or never will be.</summary>
    /// <param name="reads">How many reads it carried.</param>
    /// <param name="waiting">How many are waiting for the next one.</param>
    public void Ended(int reads, int waiting)
    {
        _half = (_reads + waiting + 1) / 2;
        _requests--;
        _reads -= reads;
    }
}
