namespace ConfigClients.Benchmarks;

/// <summary>One row of the table: the bare protocol and the store do the same work in turn, in random order, round by round.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">The unit of both figures.</param>
/// <param name="Target">The ratio to reach.</param>
/// <param name="HigherIsBetter">Whether the ratio is a floor (throughput) instead of a ceiling.</param>
/// <param name="Peer">Measures the bare protocol once.</param>
/// <param name="Ours">Measures the store once.</param>
internal sealed record Duel(string Name, string Unit, double Target, bool HigherIsBetter, Func<Task<double>> Peer, Func<Task<double>> Ours)
{
    public async Task<DuelResult> RunAsync(int rounds)
    {
        await Peer();
        await Ours();
        List<double> peer = [];
        List<double> ours = [];
        List<double> ratios = [];
        for (int round = 0; round < rounds; round++)
        {
            bool peerFirst = Random.Shared.Next(2) == 0;
            double first = await (peerFirst ? Peer : Ours)();
            double second = await (peerFirst ? Ours : Peer)();
            (double p, double o) = peerFirst ? (first, second) : (second, first);
            peer.Add(p);
            ours.Add(o);
            ratios.Add(o / p);
        }

        return new DuelResult(this, Stat.Median(peer), Stat.Median(ours), Stat.Median(ratios), ratios.Min(), ratios.Max());
    }
}
