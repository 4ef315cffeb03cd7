namespace ConfigClients.Backends.Native;

/// <summary>POSIX signals by their Linux numbers.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
