namespace ConfigClients.Configuration;

/// <summary>Tells a root that vanished from one whose last key somebody deleted. Pure.</summary>
internal static class VanishedRule
{
    /// <summary>Whether the last good values of a root stay although the store shows nothing there.</summary>
    /// <param name="root">The root.</param>
    /// <param name="keysInUse">How many of its keys provide the values in use.</param>
    /// <param name="isAllEmpty">Whether the store shows nothing below any root.</param>
    public static bool Keeps(RootState root, int keysInUse, bool isAllEmpty) =>
        root.IsEmpty && keysInUse > 0 && (keysInUse > 1 || isAllEmpty || root.HasVanished);
}
