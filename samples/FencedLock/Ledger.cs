/// <summary>Stands for a resource outside of the store: it remembers the largest token and refuses smaller ones.</summary>
internal sealed class Ledger
{
    private long _largest;

    public string Balance { get; private set; } = "";

    public bool TryWrite(long token, string balance)
    {
        if (token < _largest)
        {
            return false;
        }

        (_largest, Balance) = (token, balance);
        return true;
    }
}
