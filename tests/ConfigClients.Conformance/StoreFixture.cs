namespace ConfigClients.Conformance;

/// <summary>What a conformance suite needs from a store: clients that are independent of each other and see the same data.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    /// <summary>Has a builder choose the store, as an application does.</summary>
    /// <param name="builder">The builder.</param>
    public abstract void Choose(ConfigStoreBuilder builder);

    /// <summary>Opens one more client of the same store; the test disposes it.</summary>
    /// <param name="configure">Changes to the builder, such as a clock or a logger. Default: none.</param>
    /// <returns>The store, made by <see cref="ConfigStoreBuilder.Build"/>.</returns>
    public ValueTask<IConfigStore> OpenAsync(Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new();
        Choose(builder);
        configure?.Invoke(builder);
        return ValueTask.FromResult(builder.Build());
    }

    /// <summary>A prefix no other test uses.</summary>
    /// <returns>The prefix, without slashes at the ends.</returns>
    public string NewPrefix() => $"t/{Guid.NewGuid():N}";

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
