namespace ConfigClients;

/// <summary>What must hold for a write to be applied. A condition that does not hold is an answer, never an exception.</summary>
public readonly struct Condition : IEquatable<Condition>
{
    private Condition(ConditionKind kind, Revision revision = default, IStoreSession? session = null)
    {
        Kind = kind;
        Revision = revision;
        Session = session;
    }

    /// <summary>Nothing need hold.</summary>
    public static Condition None => default;

    /// <summary>The key exists.</summary>
    public static Condition Exists => new(ConditionKind.Exists);

    /// <summary>The key does not exist: of several who try, exactly one succeeds.</summary>
    public static Condition Absent => new(ConditionKind.Absent);

    /// <summary>What is tested.</summary>
    public ConditionKind Kind { get; }

    /// <summary>The version, for <see cref="ConditionKind.UnchangedSince"/>.</summary>
    public Revision Revision { get; }

    /// <summary>The session, for <see cref="ConditionKind.HeldBy"/>.</summary>
    public IStoreSession? Session { get; }

    /// <summary>
    /// The key is still the version that was read. Exact, also after delete and re-create, and one revision succeeds once:
    /// every applied write makes a new one, even a write of the same bytes.
    /// </summary>
    /// <param name="revision">The <see cref="ConfigEntry.Revision"/> that was read. Not <see cref="Revision.None"/>.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException"><paramref name="revision"/> is none: use <see cref="Absent"/>.</exception>
    public static Condition UnchangedSince(Revision revision) => revision.IsNone
        ? throw new ArgumentException("Revision.None names no version; use Condition.Absent for a key that was not there.", nameof(revision))
        : new Condition(ConditionKind.UnchangedSince, revision);

    /// <summary>The key exists and lives with this session: the seat of a lock still stands.</summary>
    /// <remarks>A session that this process knows to be over is not asked about: the write throws <see cref="StoreError.SessionEnded"/>, unsent.</remarks>
    /// <param name="session">The session of the same store.</param>
    /// <returns>The condition.</returns>
    public static Condition HeldBy(IStoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new Condition(ConditionKind.HeldBy, default, session);
    }

    /// <inheritdoc/>
    public bool Equals(Condition other) =>
        Kind == other.Kind && Revision == other.Revision && ReferenceEquals(Session, other.Session);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Condition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Revision, Session);

    /// <summary>Whether two conditions test the same.</summary>
    public static bool operator ==(Condition left, Condition right) => left.Equals(right);

    /// <summary>Whether two conditions test something different.</summary>
    public static bool operator !=(Condition left, Condition right) => !left.Equals(right);
}
