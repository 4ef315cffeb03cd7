using ConfigClients.Proof;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Members;
using ConfigClients.Proof.Pauses;
using ConfigClients.Proof.TakeOver;

switch (args)
{
    case [ContenderSettings.Role, .. string[] rest]:
        await ContenderProcess.RunAsync(rest);
        return 0;
    case [TakeOverProcess.Role, .. string[] rest]:
        await TakeOverProcess.RunAsync(rest);
        return 0;
    case [MemberProcess.Role, .. string[] rest]:
        await MemberProcess.RunAsync(rest);
        return 0;
    case [PauseProcess.Role, .. string[] rest]:
        await PauseProcess.RunAsync(rest);
        return 0;
    default:
        return await Commands.RunAsync(args, Console.Out);
}
