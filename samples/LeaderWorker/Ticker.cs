using System.Globalization;
using ConfigClients;
using ConfigClients.Recipes;

/// <summary>Counts on from where the last leader stopped, once a second, on one process at a time.</summary>
internal sealed class Ticker(IConfigStore store) : ILeaderService
{
    private const string Key = "samples/leader-worker/ticks";

    public async Task RunAsync(Leadership leadership, CancellationToken stopping)
    {
        Console.WriteLine($"I lead, in term {leadership.Term}.");
        try
        {
            int ticks = int.Parse(await store.GetStringAsync(Key, stopping) ?? "0", CultureInfo.InvariantCulture);
            while (true)
            {
                ticks++;
                byte[] value = System.Text.Encoding.UTF8.GetBytes(ticks.ToString(CultureInfo.InvariantCulture));

                // The store itself refuses it once this process does not lead any more.
                if ((await leadership.Hold.SetAsync(Key, value, stopping)).Applied)
                {
                    Console.WriteLine($"tick {ticks}");
                }

                await Task.Delay(TimeSpan.FromSeconds(1), stopping);
            }
        }
        finally
        {
            Console.WriteLine("I work no more.");
        }
    }
}
