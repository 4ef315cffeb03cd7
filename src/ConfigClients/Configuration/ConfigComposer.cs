namespace ConfigClients.Configuration;

/// <summary>Makes the configuration of what the store holds, key by key: its cost is that of what changed. No I/O; not thread-safe.</summary>
/// <remarks>
/// Each key of the store keeps the settings of its last good version; a bad version is set aside until the next.
/// Where two keys of one layer provide the same setting, the value in use stays until one of them gives way.
/// </remarks>
internal sealed class ConfigComposer(LayerSet layers, ValueFormat format, IReadOnlyList<string> denied)
{
    private readonly Dictionary<string, Fragment> _fragments = new(StringComparer.Ordinal);
    private readonly LayerClaims[] _claims = [.. Enumerable.Range(0, layers.Count).Select(_ => new LayerClaims())];
    private readonly Dictionary<string, DistributedConfigError> _rejected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DistributedConfigError> _collisions = new(StringComparer.OrdinalIgnoreCase);
    private int _settings;

    /// <summary>All settings now.</summary>
    public ConfigImage Image { get; private set; } = ConfigImage.Empty;

    /// <summary>What is rejected now.</summary>
    public IReadOnlyList<DistributedConfigError> Rejected => [.. _rejected.Values, .. _collisions.Values];

    /// <summary>How many keys below a prefix provide settings. Looks at every key.</summary>
    public int CountBelow(string prefix) => _fragments.Keys.Count(key => ConfigKey.IsBelow(key, prefix));

    /// <summary>Takes in changes.</summary>
    /// <param name="changes">The newest entry of each key that changed, or null if it is gone.</param>
    public Composition Apply(IEnumerable<KeyValuePair<string, ConfigEntry?>> changes)
    {
        HashSet<string> touched = new(StringComparer.OrdinalIgnoreCase);
        List<DistributedConfigError> errors = [];
        List<string> ignored = [];
        foreach ((string key, ConfigEntry? entry) in changes.OrderBy(change => change.Key, StringComparer.Ordinal))
        {
            if (entry is null)
            {
                _rejected.Remove(key);
                Replace(key, null, touched);
            }
            else if (Read(entry, ignored, errors) is { } fragment)
            {
                _rejected.Remove(key);
                Replace(key, fragment, touched);
            }
        }

        return new Composition(Resolve(touched, errors), errors, ignored);
    }

    private Fragment? Read(ConfigEntry entry, List<string> ignored, List<DistributedConfigError> errors)
    {
        int layer = layers.Locate(entry.Key, out string relative);
        if (layer < 0)
        {
            return null;
        }

        try
        {
            KeyValuePair<string, string?>[] settings = EntryReader.Read(entry.Value.Span, relative, format);
            int before = _fragments.TryGetValue(entry.Key, out Fragment? old) ? old.Settings.Length : 0;
            if (_settings - before + settings.Length > JsonFlattener.MaxKeys)
            {
                throw new DocumentFormatException($"it would make more than {JsonFlattener.MaxKeys} settings in all");
            }

            KeyValuePair<string, string?>[] allowed = [.. settings.Where(setting => !IsDenied(setting.Key))];
            if (allowed.Length < settings.Length)
            {
                ignored.Add(entry.Key);
            }

            return new Fragment(layer, allowed);
        }
        catch (DocumentFormatException e)
        {
            string place = e.Line is null ? "" : $" at line {e.Line}, column {e.Column}";
            DistributedConfigError error = new(
                DistributedConfigErrorKind.InvalidValue, $"Key \"{entry.Key}\" (revision {entry.Revision}) cannot be read{place}: {e.Message}.")
            {
                Key = entry.Key,
                Line = e.Line,
                Column = e.Column,
            };
            _rejected[entry.Key] = error;
            errors.Add(error);
            return null;
        }
    }

    private void Replace(string key, Fragment? fragment, HashSet<string> touched)
    {
        if (_fragments.Remove(key, out Fragment? old))
        {
            _settings -= old.Settings.Length;
            foreach ((string path, _) in old.Settings)
            {
                _claims[old.Layer].Remove(path, key);
                touched.Add(path);
            }
        }

        if (fragment is not null)
        {
            _fragments.Add(key, fragment);
            _settings += fragment.Settings.Length;
            foreach ((string path, string? value) in fragment.Settings)
            {
                _claims[fragment.Layer].Add(path, new Claim(key, value));
                touched.Add(path);
            }
        }
    }

    /// <summary>Decides anew about the settings whose providers changed, and swaps the image if any value did.</summary>
    private int Resolve(HashSet<string> touched, List<DistributedConfigError> errors)
    {
        ConfigImage.Editor editor = Image.Edit();
        int changed = 0;
        foreach (string path in touched)
        {
            bool had = Image.TryGet(path, out string? before);
            Claim? winner = Winner(path, had, errors, out bool keep);
            if (keep || (winner is null ? !had : had && before == winner.Value))
            {
                continue;
            }

            changed++;
            if (winner is null)
            {
                editor.Remove(path);
            }
            else
            {
                editor.Set(path, winner.Value);
            }
        }

        Image = changed > 0 ? editor.ToImage() : Image;
        return changed;
    }

    private Claim? Winner(string path, bool had, List<DistributedConfigError> errors, out bool keep)
    {
        keep = false;
        bool collides = false;
        Claim? winner = null;
        for (int layer = layers.Count - 1; layer >= 0; layer--)
        {
            ReadOnlySpan<Claim> claims = _claims[layer].For(path);
            if (claims.Length > 1)
            {
                Collide(path, claims[0].StoreKey, claims[1].StoreKey, errors);
                collides = true;
                if (had)
                {
                    keep = true;
                    return null;
                }
            }
            else if (claims.Length == 1)
            {
                winner = claims[0];
                break;
            }
        }

        if (!collides)
        {
            _collisions.Remove(path);
        }

        return winner;
    }

    private void Collide(string path, string key, string other, List<DistributedConfigError> errors)
    {
        if (_collisions.TryGetValue(path, out DistributedConfigError? known) && known.Key == key && known.OtherKey == other)
        {
            return;
        }

        DistributedConfigError error = new(
            DistributedConfigErrorKind.Collision, $"Keys \"{key}\" and \"{other}\" both set \"{path}\" (case does not count in configuration).")
        {
            Key = key,
            OtherKey = other,
        };
        _collisions[path] = error;
        errors.Add(error);
    }

    private bool IsDenied(string path) => denied.Any(section =>
        path.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (path.Length == section.Length || path[section.Length] == ':'));
}
