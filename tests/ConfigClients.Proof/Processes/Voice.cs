using System.Text;

namespace ConfigClients.Proof.Processes;

/// <summary>How a process of the proof talks to the coordinator: whole lines, written at once, so that a kill loses none that was said. Thread-safe.</summary>
internal sealed class Voice
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly CancellationTokenSource _end = new();

    /// <summary>Cancelled when the coordinator says so.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Says a line.</summary>
    public void Say(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_output)
        {
            _output.Write(bytes);
        }
    }

    /// <summary>Listens until told to end; when the coordinator is gone, so is this process.</summary>
    /// <param name="hear">Called with every other line.</param>
    public void Listen(Action<string>? hear = null) => _ = Task.Factory.StartNew(
        () =>
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (line == "end")
                {
                    _end.Cancel();
                }
                else
                {
                    hear?.Invoke(line);
                }
            }

            Environment.Exit(3);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
