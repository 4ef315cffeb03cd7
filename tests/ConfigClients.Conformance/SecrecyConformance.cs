namespace ConfigClients.Conformance;

/// <summary>Values never appear in logs, exceptions, metrics, traces or texts made by <see cref="object.ToString"/>.</summary>
public abstract class SecrecyConformance(StoreFixture fixture)
{
    private readonly string _canary = $"CANARY-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_value_appears_nowhere_but_in_answers()
    {
        using CapturedLog log = new();
        using CapturedTelemetry telemetry = new();
        List<string> said = [];

        await using (IConfigStore store = await fixture.OpenAsync(builder => builder.UseLoggerFactory(log)))
        {
            string prefix = fixture.NewPrefix();
            await WriteAndReadAsync(store, prefix, said);
            await FailAsync(store, prefix, said);
        }

        Assert.NotEmpty(said);
        Assert.Contains(telemetry.Lines, static line => line.StartsWith("configclients.operation.duration", StringComparison.Ordinal));
        Assert.DoesNotContain(said.Concat(log.Lines).Concat(telemetry.Lines), line => line.Contains("CANARY", StringComparison.OrdinalIgnoreCase) || line.Contains(_canary[7..], StringComparison.OrdinalIgnoreCase));
    }

    private async Task WriteAndReadAsync(IConfigStore store, string prefix, List<string> said)
    {
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await using IStoreSession session = await store.OpenSessionAsync();
        WriteResult set = await store.SetAsync(prefix + "/a", _canary);
        Transaction transaction = new Transaction().Set(prefix + "/b", TestValues.Of(_canary)).Set(prefix + "/c", TestValues.Of(_canary), session);
        said.Add($"{set} {await store.CommitAsync(transaction)} {transaction} {transaction.Writes[0]} {transaction.Writes[1]}");
        said.Add($"{await store.GetAsync(prefix + "/a")} {await store.ListAsync(prefix)} {session} {store} {store.Limits}");
        await watch.UntilAsync(prefix + "/b", _canary);
        await watch.UntilAsync(prefix + "/c", _canary);
        said.AddRange(watch.Batches.Select(static batch => $"{batch} {string.Join(' ', batch.Changes)} {batch.Snapshot}"));
        said.Add($"{await store.DeleteAsync(prefix + "/b")}");
        said.Add($"{await store.SetAsync(prefix + "/a", _canary + "2", Condition.UnchangedSince(set.Revision))}");
    }

    private async Task FailAsync(IConfigStore store, string prefix, List<string> said)
    {
        byte[] tooLarge = [.. TestValues.Of(_canary), .. new byte[512 * 1024]];
        IStoreSession session = await store.OpenSessionAsync();
        await session.DisposeAsync();
        said.Add($"{await store.SetAsync(prefix + "/a", _canary, Condition.Absent)}");
        said.Add($"{await store.CommitAsync(new Transaction().Require(prefix + "/none", Condition.Exists).Set(prefix + "/b", TestValues.Of(_canary)))}");
        await FailsAsync(async () => await store.SetAsync(prefix + "/a", tooLarge));
        await FailsAsync(async () => await store.SetAsync(prefix + "/d", TestValues.Of(_canary), default, session));
        await FailsAsync(async () => await store.SetAsync(prefix + "/d", TestValues.Of(_canary), default, new ForeignSession()));
        await FailsAsync(async () => await store.SetAsync("/bad", _canary));
        await FailsAsync(async () => await store.CommitAsync(new Transaction().Set(prefix + "/a", tooLarge)));
        await FailsAsync(async () => await store.SetAsync(prefix + "/a", _canary, cancellationToken: new CancellationToken(true)));
        await FailsAsync(async () => await store.GetJsonAsync(prefix + "/a", TestJsonContext.Default.TestDocument));
        await store.SetAsync(prefix + "/a", (byte[])[0xFF, .. TestValues.Of(_canary)]);
        await FailsAsync(async () => await store.GetStringAsync(prefix + "/a"));

        async Task FailsAsync(Func<Task> call)
        {
            Exception? failure = await Record.ExceptionAsync(call);
            said.Add($"{failure ?? throw new InvalidOperationException("It was meant to fail.")}");
        }
    }
}
