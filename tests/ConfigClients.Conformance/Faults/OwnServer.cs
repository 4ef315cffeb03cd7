namespace ConfigClients.Conformance.Faults;

/// <summary>A server of a test's own, as far as a suite has to do with it: where it is, and how it is taken away and comes back.</summary>
/// <param name="server">Ends it.</param>
/// <param name="endpoint">Where it is.</param>
/// <param name="pause">Freezes it.</param>
/// <param name="resume">Lets it go on.</param>
/// <param name="kill">Ends it without a chance to clean up; its data stays.</param>
/// <param name="restart">Starts it again on its data.</param>
public sealed class OwnServer(IAsyncDisposable server, Uri endpoint, Func<Task> pause, Func<Task> resume, Func<Task> kill, Func<Task> restart) : IAsyncDisposable
{
    /// <summary>Where it is.</summary>
    public Uri Endpoint { get; } = endpoint;

    /// <summary>Freezes it.</summary>
    /// <returns>When done.</returns>
    public Task PauseAsync() => pause();

    /// <summary>Lets it go on.</summary>
    /// <returns>When done.</returns>
    public Task ResumeAsync() => resume();

    /// <summary>Ends it without a chance to clean up; its data stays.</summary>
    /// <returns>When it is gone.</returns>
    public Task KillAsync() => kill();

    /// <summary>Starts it again on its data.</summary>
    /// <returns>When it is ready.</returns>
    public Task RestartAsync() => restart();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
