using System.Text;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>The cells as nodes whose data version alone is compared: what ZooKeeper offers, and what is not enough.</summary>
internal sealed class DataVersionRegister(ZooKeeperClient client, string root) : ICasRegister
{
    public async Task<(string Value, object Version)?> ReadAsync(int cell) =>
        await client.GetDataAsync($"{root}/{cell}") is { } node ? (Encoding.UTF8.GetString(node.Data.Span), node.Stat.Version) : null;

    public Task<bool> CreateAsync(int cell, string value) => TryAsync(async () => await client.CreateAsync($"{root}/{cell}", Encoding.UTF8.GetBytes(value)));

    public Task<bool> SwapAsync(int cell, string value, object version) =>
        TryAsync(async () => await client.SetDataAsync($"{root}/{cell}", Encoding.UTF8.GetBytes(value), (int)version));

    public Task<bool> DeleteAsync(int cell, object version) => TryAsync(async () => await client.DeleteAsync($"{root}/{cell}", (int)version));

    private static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.BadVersion or ZooKeeperError.NoNode or ZooKeeperError.NodeExists)
        {
            return false;
        }
    }
}
