namespace ConfigClients.Configuration;

/// <summary>Which keys of one layer provide which settings. Two that provide the same one collide. Not thread-safe.</summary>
internal sealed class LayerClaims
{
    private readonly Dictionary<string, Claim[]> _claims = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who provides a setting: nobody, one, or several that collide, sorted by key.</summary>
    public ReadOnlySpan<Claim> For(string path) => _claims.GetValueOrDefault(path);

    public void Add(string path, Claim claim)
    {
        Claim[] others = _claims.GetValueOrDefault(path) ?? [];
        _claims[path] = [.. others.Append(claim).OrderBy(each => each.StoreKey, StringComparer.Ordinal)];
    }

    public void Remove(string path, string storeKey)
    {
        Claim[] rest = [.. _claims[path].Where(each => each.StoreKey != storeKey)];
        if (rest.Length == 0)
        {
            _claims.Remove(path);
        }
        else
        {
            _claims[path] = rest;
        }
    }
}
