using System.Collections.Concurrent;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Keeps an account of every value that was ever in a cell: each has a name of its own, and is replaced or deleted once at most.</summary>
internal sealed class CasLedger
{
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _spent = new(StringComparer.Ordinal);
    private int _spentTwice;
    private int _names;

    /// <summary>Values that two writers were told they had replaced or deleted.</summary>
    public int SpentTwice => Volatile.Read(ref _spentTwice);

    /// <summary>Values that were replaced or deleted.</summary>
    public int Spent => _spent.Count;

    /// <summary>Lets writers loose on the cells.</summary>
    public Task RunAsync(IReadOnlyList<ICasRegister> writers, int cells, int rounds) =>
        Task.WhenAll(writers.Select((register, i) => Task.Run(() => WriteAsync(register, new Random(i), cells, rounds))));

    /// <summary>The values that must be in the cells now: all that were made and neither replaced nor deleted.</summary>
    public IEnumerable<string> Remaining() => _made.Keys.Where(value => !_spent.ContainsKey(value)).Order(StringComparer.Ordinal);

    /// <summary>The values that are.</summary>
    public static async Task<IEnumerable<string>> ReadAsync(ICasRegister register, int cells)
    {
        List<string> found = [];
        for (int cell = 0; cell < cells; cell++)
        {
            if (await register.ReadAsync(cell) is { } value)
            {
                found.Add(value.Value);
            }
        }

        return found.Order(StringComparer.Ordinal);
    }

    private async Task WriteAsync(ICasRegister register, Random random, int cells, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            int cell = random.Next(cells);
            string next = $"value {Interlocked.Increment(ref _names)}";
            if (await register.ReadAsync(cell) is not { } old)
            {
                Make(next, await register.CreateAsync(cell, next));
            }
            else if (random.Next(2) == 0)
            {
                Spend(old.Value, await register.DeleteAsync(cell, old.Version));
            }
            else if (await register.SwapAsync(cell, next, old.Version))
            {
                Make(next, true);
                Spend(old.Value, true);
            }
        }
    }

    private void Make(string value, bool applied)
    {
        if (applied)
        {
            _made[value] = true;
        }
    }

    private void Spend(string value, bool applied)
    {
        if (applied && !_spent.TryAdd(value, true))
        {
            Interlocked.Increment(ref _spentTwice);
        }
    }
}
