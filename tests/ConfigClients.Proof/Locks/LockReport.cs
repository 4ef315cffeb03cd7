using ConfigClients.Proof.Processes;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>What a worker says about its holds, one line each. Times are of the monotonic clock, which all processes of a machine share.</summary>
internal sealed class LockReport(Voice voice, Arm arm)
{
    /// <summary>It holds: at this time, and if nothing else comes, until then.</summary>
    public void Granted(int number, long token, long at, long validUntil) => voice.Say($"granted {(int)arm} {number} {token} {at} {validUntil}");

    /// <summary>It still holds: at this time, and if nothing else comes, until then.</summary>
    public void Held(int number, long token, long at, long validUntil) => voice.Say($"held {(int)arm} {number} {token} {at} {validUntil}");

    /// <summary>It lets go, from this time on.</summary>
    public void Released(int number, long token, long at) => voice.Say($"released {(int)arm} {number} {token} {at}");

    /// <summary>It has noticed that it does not hold any more.</summary>
    public void Lost(int number, long token, LossKind kind) => voice.Say($"lost {(int)arm} {number} {token} {(int)kind}");

    /// <summary>It has got what it did not hold any more when it looked.</summary>
    public void Late(int number, long token) => voice.Say($"late {(int)arm} {number} {token}");

    /// <summary>It is about to add one to the lock's counter in the store, under the lock's guard.</summary>
    public void Trying(int number, long token) => voice.Say($"trying {(int)arm} {number} {token}");

    /// <summary>The store has answered.</summary>
    public void Tried(int number, long token, bool isApplied) => voice.Say($"tried {(int)arm} {number} {token} {(isApplied ? 1 : 0)}");

    /// <summary>A call failed.</summary>
    public void Failed(string what) => voice.Say($"failed {(int)arm} {what}");
}
