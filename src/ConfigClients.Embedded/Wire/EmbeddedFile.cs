namespace ConfigClients.Embedded.Wire;

/// <summary>Makes the file, for its owner only, before the database engine sees it.</summary>
internal static class EmbeddedFile
{
    // Closing a file drops all locks this process has on it, the engine's included. So a file is only ever opened here
    // when it is made, and no one goes on to the engine while that is under way.
    private static readonly Lock Gate = new();

    /// <summary>Sees to it that the file and its directory exist.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="StoreException">The path is a symbolic link or a directory, or may not be written.</exception>
    public static void Prepare(string path)
    {
        lock (Gate)
        {
            try
            {
                MakeDirectory(Path.GetDirectoryName(path)!);
                FileInfo file = new(path);
                if (file.LinkTarget is not null)
                {
                    throw new StoreException(StoreError.Denied, "The file of the embedded store is a symbolic link; name the file itself.");
                }

                if (Directory.Exists(path))
                {
                    throw new StoreException(StoreError.InvalidRequest, "The path of the embedded store is a directory; name a file in it.");
                }

                if (!file.Exists)
                {
                    MakeFile(path);
                }
            }
            catch (UnauthorizedAccessException e)
            {
                throw new StoreException(StoreError.Denied, "The file of the embedded store may not be made or read by this user.", innerException: e);
            }
            catch (IOException e)
            {
                throw new StoreException(StoreError.Unavailable, "The file of the embedded store cannot be made.", innerException: e);
            }
        }
    }

    private static void MakeDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void MakeFile(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using FileStream file = new(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it first.
        }
    }
}
