namespace ConfigClients;

/// <summary>How a host takes part in the election of one leader service.</summary>
public sealed class LeaderServiceOptions
{
    /// <summary>What the leader says about itself to whoever observes the election, up to 350 KiB. Default: its name and since when, as JSON.</summary>
    public ReadOnlyMemory<byte>? Payload { get; set; }

    /// <summary>How long the lead outlives its process. 10 s to 40 s; default 15 s. Leader services with the same value share one session.</summary>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long before anybody else can lead the service is asked to stop. 0 to half of <see cref="SessionTtl"/>; default 3 s, which one lost heartbeat does not reach.
    /// Where the store grants a shorter lifetime, at most half of that.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long this process is no candidate after a lead that ended, or that was not to be had. Doubles each time, up to <see cref="MaxBackOff"/>,
    /// and begins anew after a lead that lasted longer than that. 100 ms or more; default 1 s. The real pause is random, half to one and a half of it.
    /// </summary>
    public TimeSpan BackOff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause. <see cref="BackOff"/> to 10 min; default 30 s.</summary>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of pauses and of the grace. Default: the system's. Whether this process leads, the store's own clock decides.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
