using System.Runtime.CompilerServices;

namespace ConfigClients.Configuration;

/// <summary>Runs one action, never twice at a time, and once more if it was asked for meanwhile. Nobody waits.</summary>
/// <remarks>
/// The action swaps the configuration and calls the application's callbacks. Because both happen in here, no callback ever
/// binds across two states, and a callback that causes another reload does not deadlock.
/// </remarks>
/// <param name="action">The action; must not throw.</param>
internal sealed class ReloadGate(Action action)
{
    /// <summary>Flows to the threads that a callback waits for. A token registered elsewhere does not see it; its thread tells then.</summary>
    private readonly AsyncLocal<StrongBox<bool>?> _inside = new();
    private int _owner;
    private int _requests;

    /// <summary>Whether the caller is inside the action, or was started in there and the action still runs.</summary>
    public bool IsMine => Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId || (_inside.Value is { } inside && Volatile.Read(ref inside.Value));

    /// <summary>Runs the action, or has whoever is running it run it again.</summary>
    public void Run()
    {
        if (Interlocked.Increment(ref _requests) != 1)
        {
            return;
        }

        StrongBox<bool> inside = new(true);
        _inside.Value = inside;
        int seen;
        do
        {
            seen = Volatile.Read(ref _requests);
            Volatile.Write(ref _owner, Environment.CurrentManagedThreadId);
            action();
            Volatile.Write(ref _owner, 0);
        }
        while (Interlocked.Add(ref _requests, -seen) != 0);

        Volatile.Write(ref inside.Value, false);
        _inside.Value = null;
    }
}
