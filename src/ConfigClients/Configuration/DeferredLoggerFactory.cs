using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Keeps what is logged before there is a host, and hands it to the host's logger once there is one. Thread-safe.</summary>
/// <remarks>Configuration is loaded before logging can be configured, and start-up is when its messages matter most.</remarks>
internal sealed class DeferredLoggerFactory : ILoggerFactory
{
    private const int MaxKept = 500;

    private readonly Lock _lock = new();
    private readonly Queue<Action<ILoggerFactory>> _kept = new();
    private volatile ILoggerFactory? _target;

    /// <summary>The host's loggers, if there are any yet.</summary>
    public ILoggerFactory? Target => _target;

    public ILogger CreateLogger(string categoryName) => new DeferredLogger(this, categoryName);

    /// <summary>Hands over what was kept, and everything from now on. Once only.</summary>
    public void Attach(ILoggerFactory target)
    {
        lock (_lock)
        {
            if (_target is not null)
            {
                return;
            }

            while (_kept.TryDequeue(out Action<ILoggerFactory>? write))
            {
                write(target);
            }

            _target = target;
        }
    }

    /// <summary>Keeps a message, or writes it if there is somewhere to write to by now.</summary>
    public void Keep(Action<ILoggerFactory> write)
    {
        lock (_lock)
        {
            if (_target is { } target)
            {
                write(target);
                return;
            }

            if (_kept.Count == MaxKept)
            {
                _kept.Dequeue();
            }

            _kept.Enqueue(write);
        }
    }

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Add the provider to the host's logging instead.");

    public void Dispose()
    {
    }
}
