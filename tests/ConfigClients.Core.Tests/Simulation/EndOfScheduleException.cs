namespace ConfigClients.Core.Tests.Simulation;

/// <summary>Ends a simulation.</summary>
internal sealed class EndOfScheduleException : Exception;
