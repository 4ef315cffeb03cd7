namespace ConfigClients.ZooKeeper.Tests;

/// <summary>The cells as keys of a store.</summary>
internal sealed class StoreRegister(IConfigStore store, string prefix) : ICasRegister
{
    public async Task<(string Value, object Version)?> ReadAsync(int cell) =>
        await store.GetAsync($"{prefix}/{cell}") is { } entry ? (entry.GetString(), entry.Revision) : null;

    public async Task<bool> CreateAsync(int cell, string value) => (await store.SetAsync($"{prefix}/{cell}", value, Condition.Absent)).Applied;

    public async Task<bool> SwapAsync(int cell, string value, object version) =>
        (await store.SetAsync($"{prefix}/{cell}", value, Condition.UnchangedSince((Revision)version))).Applied;

    public async Task<bool> DeleteAsync(int cell, object version) =>
        (await store.DeleteAsync($"{prefix}/{cell}", Condition.UnchangedSince((Revision)version))).Applied;
}
