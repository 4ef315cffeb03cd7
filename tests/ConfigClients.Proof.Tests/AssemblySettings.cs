using Xunit.Sdk;
using Xunit.v3;

// Each run has a server and many processes of its own; side by side they would only fight for the processor.
[assembly: Parallelization(Mode = ParallelMode.None)]
