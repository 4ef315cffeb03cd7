using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>F38, F39, F57: what a token may not read is denied, never taken for deleted.</summary>
public sealed class ConsulAclTests(ConsulAclFixture fixture) : IClassFixture<ConsulAclFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_right_to_read_every_verb_is_denied()
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using IConfigStore store = await fixture.OpenAsync("""key_prefix "elsewhere/" { policy = "read" }""");

        await DeniedAsync(() => store.GetAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.GetAsync(prefix + "/missing", Stop).AsTask());
        await DeniedAsync(() => store.GetValueAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.ListAsync(prefix, Stop).AsTask());
        await DeniedAsync(() => store.ListAsync("", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync(prefix + "/a", "w", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.DeleteAsync(prefix + "/a", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.CommitAsync(new Transaction().Set(prefix + "/b", TestValues.Of("w")), Stop).AsTask());
        await DeniedAsync(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());
        await DeniedAsync(async () =>
        {
            await foreach (WatchBatch _ in store.WatchAsync(prefix, Stop))
            {
            }
        });

        Assert.Equal("v", await fixture.Operator.GetStringAsync(prefix + "/a", Stop));
    }

    [Fact]
    public async Task A_readable_prefix_that_is_empty_is_empty()
    {
        string prefix = fixture.NewPrefix();
        await using IConfigStore store = await fixture.OpenAsync($$"""key_prefix "{{prefix}}/" { policy = "read" }""");

        Assert.Empty((await store.ListAsync(prefix, Stop)).Entries);
        Assert.Null(await store.GetAsync(prefix + "/a", Stop));
    }

    [Fact]
    public async Task An_unknown_token_is_denied()
    {
        await using IConfigStore store = fixture.Open(Guid.NewGuid().ToString());

        await DeniedAsync(() => store.ListAsync(fixture.NewPrefix(), Stop).AsTask());
    }

    [Theory]
    [InlineData("""key_prefix "{0}/a" { policy = "read" }""")]
    [InlineData("""key_prefix "{0}/" { policy = "read" } key_prefix "{0}/b" { policy = "deny" }""")]
    [InlineData("""key_prefix "elsewhere/" { policy = "read" }""")]
    public async Task A_watch_whose_token_is_narrowed_ends_denied_and_deletes_nothing(string narrowed)
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a1", "v", cancellationToken: Stop);
        await fixture.Operator.SetAsync(prefix + "/b1", "v", cancellationToken: Stop);
        ConsulPolicy policy = await fixture.Acl.CreatePolicyAsync($$"""key_prefix "{{prefix}}/" { policy = "read" }""", Stop);
        ConsulToken token = await fixture.Acl.CreateTokenAsync([policy], Stop);
        await using IConfigStore store = fixture.Open(token.SecretId);
        List<WatchBatch> batches = [];

        StoreException failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (WatchBatch batch in store.WatchAsync(prefix, Stop))
            {
                batches.Add(batch);
                if (batches.Count == 1)
                {
                    await fixture.Acl.ChangePolicyAsync(policy, narrowed.Replace("{0}", prefix, StringComparison.Ordinal), Stop);
                    await fixture.Operator.SetAsync(prefix + "/a1", "w", cancellationToken: Stop);
                }
            }
        });

        Assert.Equal(StoreError.Denied, failure.Error);
        Assert.DoesNotContain(batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact]
    public async Task A_watch_whose_token_is_deleted_ends_denied()
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        ConsulToken token = await fixture.Acl.CreateTokenAsync($$"""key_prefix "{{prefix}}/" { policy = "read" }""", Stop);
        await using IConfigStore store = fixture.Open(token.SecretId);
        bool deleted = false;

        await DeniedAsync(async () =>
        {
            await foreach (WatchBatch _ in store.WatchAsync(prefix, Stop))
            {
                if (!deleted)
                {
                    deleted = true;
                    await fixture.Acl.DeleteTokenAsync(token, Stop);
                }
            }
        });
    }

    [Fact]
    public async Task Deletions_that_are_real_are_delivered_down_to_the_empty_prefix()
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await fixture.Operator.SetAsync(prefix + "/b", "v", cancellationToken: Stop);

        // May read the keys, but not the prefix itself: what is gone is shown by the keys.
        await using IConfigStore store = await fixture.OpenAsync(
            $$"""key "{{prefix}}/a" { policy = "read" } key "{{prefix}}/b" { policy = "read" }""");
        List<string> deleted = [];

        await foreach (WatchBatch batch in store.WatchAsync(prefix, Stop))
        {
            deleted.AddRange(batch.Changes.Where(static change => change.IsDelete).Select(static change => change.Key));
            if (deleted.Count == 2)
            {
                break;
            }

            await fixture.Operator.DeleteAsync($"{prefix}/{(deleted.Count == 0 ? "a" : "b")}", cancellationToken: Stop);
        }

        Assert.Equal([prefix + "/a", prefix + "/b"], deleted);
    }

    [Fact]
    public async Task A_session_whose_token_is_deleted_is_lost_by_our_clock()
    {
        ConsulToken token = await fixture.Acl.CreateTokenAsync("""session_prefix "" { policy = "write" } key_prefix "" { policy = "write" }""", Stop);
        await using IConfigStore store = fixture.Open(token.SecretId);
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);

        await fixture.Acl.DeleteTokenAsync(token, Stop);
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));

        Assert.Equal(SessionEndReason.DeadlinePassed, session.EndReason);
    }

    private static async Task DeniedAsync(Func<Task> act) =>
        Assert.Equal((StoreError.Denied, false), await Assert.ThrowsAsync<StoreException>(act) is { } failure ? (failure.Error, failure.MayHaveApplied) : default);
}
