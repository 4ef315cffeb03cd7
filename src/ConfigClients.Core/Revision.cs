using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ConfigClients;

/// <summary>Names one version of one key. Rises store-wide with every applied write.</summary>
/// <remarks>
/// <see cref="Number"/> is the store's own order (Consul ModifyIndex, etcd mod_revision, ZooKeeper mzxid, the embedded ledger).
/// <see cref="Token"/> is whatever else a store needs to make compare-and-set exact; compare it only for equality.
/// Revisions of two stores, or of one store before and after it was restored from a backup, are not comparable.
/// </remarks>
/// <param name="number">The store's order. 0 means "none".</param>
/// <param name="token">Extra proof for compare-and-set. 0 where the store needs none.</param>
public readonly struct Revision(long number, long token = 0) : IEquatable<Revision>, IComparable<Revision>, IParsable<Revision>
{
    /// <summary>No revision: the key was never written, or the store cannot tell (a delete on Consul).</summary>
    public static Revision None => default;

    /// <summary>The store's order: larger is newer.</summary>
    public long Number { get; } = number;

    /// <summary>The store's extra proof for compare-and-set; opaque.</summary>
    public long Token { get; } = token;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => Number == 0 && Token == 0;

    /// <summary>Orders by <see cref="Number"/>.</summary>
    /// <param name="other">A revision of the same store.</param>
    /// <returns>Negative if this one is older, positive if newer.</returns>
    public int CompareTo(Revision other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public bool Equals(Revision other) => Number == other.Number && Token == other.Token;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Revision other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Token);

    /// <summary>A text that <see cref="Parse"/> reads back: <c>17</c>, or <c>17.3</c> with a token.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Token == 0
        ? Number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Number}.{Token}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="FormatException">The text is not a revision.</exception>
    public static Revision Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out Revision revision)
            ? revision
            : throw new FormatException("A revision is a whole number, optionally followed by a dot and a second one.");

    /// <inheritdoc cref="Parse"/>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The revision.</param>
    /// <returns>Whether the text is a revision.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Revision result)
    {
        ReadOnlySpan<char> text = s;
        int dot = text.IndexOf('.');
        long token = 0;
        bool ok = long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && (dot < 0 || long.TryParse(text[(dot + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out token));
        result = ok ? new Revision(number, token) : None;
        return ok;
    }

    /// <summary>Whether two revisions name the same version.</summary>
    public static bool operator ==(Revision left, Revision right) => left.Equals(right);

    /// <summary>Whether two revisions name different versions.</summary>
    public static bool operator !=(Revision left, Revision right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(Revision left, Revision right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(Revision left, Revision right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(Revision left, Revision right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(Revision left, Revision right) => left.CompareTo(right) >= 0;
}
