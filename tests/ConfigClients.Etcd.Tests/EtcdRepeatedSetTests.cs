namespace ConfigClients.Etcd.Tests;

/// <summary>A store that has set a key takes it for still there. Here it is not, or not as it was.</summary>
public sealed class EtcdRepeatedSetTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>, IAsyncLifetime
{
    private const string Key = "a/b";

    private readonly string _prefix = $"repeated/{Guid.NewGuid():N}";
    private IConfigStore _store = null!;
    private IConfigStore _other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = fixture.Open(options => options.Prefix = _prefix);
        _other = fixture.Open(options => options.Prefix = _prefix);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Each_set_has_a_revision_of_its_own_and_the_key_is_created_once()
    {
        WriteResult first = await _store.SetAsync(Key, "1", cancellationToken: Token);
        WriteResult second = await _store.SetAsync(Key, "2", cancellationToken: Token);
        WriteResult third = await _store.SetAsync(Key, "3", cancellationToken: Token);

        ConfigEntry entry = (await _store.GetAsync(Key, Token))!;
        Assert.True(first.Revision < second.Revision && second.Revision < third.Revision);
        Assert.Equal(("3", third.Revision, first.Revision.Number), (entry.GetString(), entry.Revision, entry.CreateRevision));
    }

    [Fact]
    public async Task A_key_that_somebody_else_deleted_is_created_anew()
    {
        await _store.SetAsync(Key, "1", cancellationToken: Token);
        await _other.DeleteAsync(Key, cancellationToken: Token);

        WriteResult result = await _store.SetAsync(Key, "2", cancellationToken: Token);

        ConfigEntry entry = (await _other.GetAsync(Key, Token))!;
        Assert.Equal((true, "2", result.Revision, result.Revision.Number), (result.Applied, entry.GetString(), entry.Revision, entry.CreateRevision));
    }

    [Fact]
    public async Task A_key_that_was_bound_to_a_session_meanwhile_stays_bound()
    {
        await _store.SetAsync(Key, "1", cancellationToken: Token);
        await using IStoreSession session = await _other.OpenSessionAsync(cancellationToken: Token);
        await _other.DeleteAsync(Key, cancellationToken: Token);
        await _other.SetAsync(Key, "2", session: session, cancellationToken: Token);

        WriteResult result = await _store.SetAsync(Key, "3", cancellationToken: Token);

        ConfigEntry entry = (await _other.GetAsync(Key, Token))!;
        Assert.Equal((true, "3", session.Id), (result.Applied, entry.GetString(), entry.SessionId));
    }

    [Fact]
    public async Task A_key_that_went_with_its_session_is_permanent_when_it_is_set_again()
    {
        IStoreSession session = await _store.OpenSessionAsync(cancellationToken: Token);
        await _store.SetAsync(Key, "1", session: session, cancellationToken: Token);
        await session.DisposeAsync();

        await _store.SetAsync(Key, "2", cancellationToken: Token);

        Assert.Null((await _other.GetAsync(Key, Token))!.SessionId);
    }

    [Fact]
    public async Task A_buffer_that_changes_after_the_call_changes_nothing_even_if_the_first_try_was_in_vain()
    {
        await _store.SetAsync(Key, "1", cancellationToken: Token);
        await _other.DeleteAsync(Key, cancellationToken: Token);
        byte[] buffer = "2"u8.ToArray();

        ValueTask<WriteResult> set = _store.SetAsync(Key, buffer, cancellationToken: Token);
        buffer[0] = (byte)'x';
        await set;

        Assert.Equal("2", (await _other.GetAsync(Key, Token))!.GetString());
    }
}
