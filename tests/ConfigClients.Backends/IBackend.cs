namespace ConfigClients.Backends;

/// <summary>One running server: where it listens, and what a test may do to it.</summary>
/// <remarks>A test cannot tell a container from a native process except by <see cref="Flavor"/>. Faults are not thread-safe.</remarks>
public interface IBackend : IAsyncDisposable
{
    /// <summary>How it runs: <c>native</c> or <c>container</c>. For reports, not for decisions.</summary>
    string Flavor { get; }

    /// <summary>Where clients reach it; always a loopback address or name.</summary>
    string Host { get; }

    /// <summary>The client port; the same for the whole life of the backend, restarts included.</summary>
    int Port { get; }

    /// <summary>Scheme, host and client port.</summary>
    Uri Endpoint { get; }

    /// <summary>Freezes the server: connections stay open and are still accepted by the kernel, nothing is answered.</summary>
    Task PauseAsync();

    /// <summary>Ends <see cref="PauseAsync"/>.</summary>
    Task ResumeAsync();

    /// <summary>Ends the server without a chance to clean up. Its data stays. Returns when it is gone.</summary>
    Task KillAsync();

    /// <summary>Ends the server as an operator would. Its data stays. Returns when it is gone.</summary>
    Task StopAsync();

    /// <summary>Starts the server again on the same port and data, killing it first if it runs; returns when it is ready.</summary>
    Task RestartAsync();

    /// <summary>What the server has written so far.</summary>
    Task<string> LogsAsync();
}
