namespace ConfigClients.ZooKeeper.Tests;

/// <summary>A few cells that are created, swapped and deleted by comparing: what the stress tests, and what it must find fault with.</summary>
internal interface ICasRegister
{
    /// <summary>Reads a cell; null if it is empty.</summary>
    Task<(string Value, object Version)?> ReadAsync(int cell);

    /// <summary>Fills an empty cell.</summary>
    Task<bool> CreateAsync(int cell, string value);

    /// <summary>Replaces what was read.</summary>
    Task<bool> SwapAsync(int cell, string value, object version);

    /// <summary>Empties the cell of what was read.</summary>
    Task<bool> DeleteAsync(int cell, object version);
}
