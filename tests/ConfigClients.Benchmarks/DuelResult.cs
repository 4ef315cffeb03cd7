using System.Globalization;

namespace ConfigClients.Benchmarks;

/// <summary>Medians over the rounds of a <see cref="Duel"/>; the ratio is the median of the rounds' own ratios.</summary>
internal sealed record DuelResult(Duel Duel, double Peer, double Ours, double Ratio, double Lowest, double Highest)
{
    public const string Header = "| what | bare | ConfigClients | ratio (min–max of rounds) | target | met |\n|---|---|---|---|---|---|";

    public bool IsMet => Duel.HigherIsBetter ? Ratio >= Duel.Target : Ratio <= Duel.Target;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Duel.Name} | {Peer:N1} {Duel.Unit} | {Ours:N1} {Duel.Unit} | {Ratio:F2} ({Lowest:F2}–{Highest:F2}) | {(Duel.HigherIsBetter ? "≥" : "≤")} {Duel.Target:F2} | {(IsMet ? "yes" : "**no**")} |");
}
