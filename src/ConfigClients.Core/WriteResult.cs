namespace ConfigClients;

/// <summary>The answer to a write: applied or not.</summary>
/// <param name="Applied">
/// Whether the write took place. False is an answer, not an error: a condition did not hold, the key to delete did not exist,
/// or a session-bound write met a key that does not live with that session. Then nothing was changed.
/// </param>
/// <param name="Revision">
/// The revision of what was written; <see cref="Revision.None"/> if not applied, or if nothing was set (a delete).
/// </param>
/// <param name="RefusedKey">The key whose condition did not hold; null if applied.</param>
public readonly record struct WriteResult(bool Applied, Revision Revision, string? RefusedKey)
{
    /// <summary>The write took place.</summary>
    /// <param name="revision">The revision of what was written.</param>
    /// <returns>The result.</returns>
    public static WriteResult Done(Revision revision = default) => new(true, revision, null);

    /// <summary>A condition did not hold; nothing was changed.</summary>
    /// <param name="key">The key whose condition did not hold.</param>
    /// <returns>The result.</returns>
    public static WriteResult Refused(string key) => new(false, default, key);
}
