using System.Globalization;
using ConfigClients.Conformance;
using Etcdserverpb;
using Google.Protobuf;
using Mvccpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Listings that lie: nothing that was not asked for gets in, and none goes on for ever.</summary>
public sealed class EtcdHostileListTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, RangeResponse> FalsePages => new()
    {
        { "a key outside", EtcdMessages.Rows(7, EtcdMessages.Row("p/a"), EtcdMessages.Row("q/b")) },
        { "a key before", EtcdMessages.Rows(7, EtcdMessages.Row("o/a"), EtcdMessages.Row("p/a")) },
        { "the prefix itself", EtcdMessages.Rows(7, EtcdMessages.Row("p")) },
        { "a longer prefix", EtcdMessages.Rows(7, EtcdMessages.Row("pq/a")) },
        { "out of order", EtcdMessages.Rows(7, EtcdMessages.Row("p/b"), EtcdMessages.Row("p/a")) },
        { "twice", EtcdMessages.Rows(7, EtcdMessages.Row("p/a"), EtcdMessages.Row("p/a")) },
        { "without a name", EtcdMessages.Rows(7, new KeyValue { ModRevision = 7, CreateRevision = 7 }) },
        { "without a revision", EtcdMessages.Rows(7, EtcdMessages.Row("p/a", revision: 0)) },
        { "nothing at all", new RangeResponse() },
        { "no revision of the store", EtcdMessages.Rows(0, EtcdMessages.Row("p/a")) },
        { "more, and nothing", new RangeResponse { Header = EtcdMessages.Header(7), More = true } },
        { "more than asked for", EtcdMessages.Rows(7, Enumerable.Range(0, 20_000).Select(static i => EtcdMessages.Row(string.Create(CultureInfo.InvariantCulture, $"p/{i:D6}")))) },
    };

    [Theory]
    [MemberData(nameof(FalsePages), DisableDiscoveryEnumeration = true)]
    public async Task A_page_that_was_not_asked_for_is_a_violation(string what, RangeResponse page)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ => page);
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.True(failure.Error == StoreError.ProtocolViolation, $"{what}: {failure.Message}");
        Assert.Equal(1, server.Count("Range"));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task The_count_of_a_page_is_only_a_hint(long count)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        RangeResponse page = EtcdMessages.Rows(7, EtcdMessages.Row("p/a"));
        page.Count = count;
        server.On<RangeRequest>("Range", _ => page);
        await using IConfigStore store = server.Open();

        Assert.Equal("p/a", Assert.Single((await store.ListAsync("p", Stop)).Entries).Key);
    }

    [Fact]
    public async Task Names_that_are_no_keys_are_left_out_and_counted()
    {
        string[] names = ["p/", "p/../d", "p//b", "p/a", "p/a/", "p/b\\c", "p/c\n", "p/e\u0301"];
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        KeyValue[] rows = [.. names.Select(static name => EtcdMessages.Row(name)), new KeyValue { Key = ByteString.CopyFrom([(byte)'p', (byte)'/', 0xFF]), ModRevision = 7, CreateRevision = 7 }];
        server.On<RangeRequest>("Range", _ => EtcdMessages.Rows(7, rows));
        using CapturedLog log = new();
        await using IConfigStore store = server.Open(configure: builder => builder.UseLoggerFactory(log));

        ConfigSnapshot listing = await store.ListAsync("p", Stop);

        Assert.Equal("p/a", Assert.Single(listing.Entries).Key);
        Assert.Contains(log.Lines, static line => line.Contains("left out 8 keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_pages_are_read_at_the_revision_of_the_first()
    {
        List<RangeRequest> asked = [];
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", request =>
        {
            asked.Add(request);
            RangeResponse page = EtcdMessages.Rows(6 + asked.Count, EtcdMessages.Row(asked.Count == 1 ? "p/a" : "p/b"));
            page.More = asked.Count == 1;
            return page;
        });
        await using IConfigStore store = server.Open();

        ConfigSnapshot listing = await store.ListAsync("p", Stop);

        Assert.Equal(["p/a", "p/b"], listing.Entries.Select(static entry => entry.Key));
        Assert.Equal(7, listing.Revision);
        Assert.Equal([("p/", 0), ("p/a\0", 7)], asked.Select(static request => (request.Key.ToStringUtf8(), request.Revision)));
    }

    [Fact]
    public async Task A_second_page_that_goes_back_to_the_first_is_a_violation()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        RangeResponse page = EtcdMessages.Rows(7, EtcdMessages.Row("p/a"));
        page.More = true;
        server.On<RangeRequest>("Range", _ => page);
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.Equal((StoreError.ProtocolViolation, 2), (failure.Error, server.Count("Range")));
    }

    [Fact]
    public async Task A_listing_that_was_compacted_under_way_starts_over()
    {
        int asked = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                call.End(11, "etcdserver: mvcc: required revision has been compacted");
                return;
            }

            RangeResponse page = EtcdMessages.Rows(6 + asked, EtcdMessages.Row("p/a", revision: 6 + asked));
            page.More = asked == 1;
            await call.AnswerAsync(page);
        });
        await using IConfigStore store = server.Open();

        ConfigSnapshot listing = await store.ListAsync("p", Stop);

        Assert.Equal((9L, 9L), (listing.Revision, Assert.Single(listing.Entries).Revision.Number));
    }

    [Fact]
    public async Task Pages_get_smaller_until_they_fit()
    {
        List<long> limits = [];
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            RangeRequest asked = (await call.ReadAsync<RangeRequest>())!;
            limits.Add(asked.Limit);
            if (asked.Limit > 300)
            {
                await BadAnswers.GiveAsync(server, call, "a message of 65 MiB", asked);
            }

            await call.AnswerAsync(EtcdMessages.Rows(7, EtcdMessages.Row("p/a")));
        });
        await using IConfigStore store = server.Open();

        Assert.Single((await store.ListAsync("p", Stop)).Entries);

        Assert.Equal([16384, 2048, 256], limits);
    }

    [Fact]
    public async Task A_page_that_never_fits_is_too_large()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", call => BadAnswers.GiveAsync(server, call, "a message of 65 MiB", new RangeResponse()));
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.Equal((StoreError.TooLarge, false, 4), (failure.Error, failure.MayHaveApplied, server.Count("Range")));
    }

    [Fact]
    public async Task A_listing_without_end_ends_at_the_cap()
    {
        ByteString large = ByteString.CopyFrom(new byte[1024 * 1024]);
        int pages = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ =>
        {
            int page = Interlocked.Increment(ref pages);
            RangeResponse answer = EtcdMessages.Rows(7, Enumerable.Range(0, 32).Select(i => new KeyValue
            {
                Key = ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"p/{page:D6}/{i:D2}")), Value = large, ModRevision = 7, CreateRevision = 7,
            }));
            answer.More = true;
            return answer;
        });
        await using IConfigStore store = server.Open(TimeSpan.FromMinutes(1));

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.Equal((StoreError.TooLarge, 8), (failure.Error, pages));
    }
}
