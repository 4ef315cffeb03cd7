using Xunit.Sdk;
using Xunit.v3;

// Every test here runs servers of its own; side by side they would only fight for the processor.
[assembly: Parallelization(Mode = ParallelMode.None)]
