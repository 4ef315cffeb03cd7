using Xunit.v3;

// The runs of one store wait most of the time, for a TTL to pass; those of the four stores do so at the same time.
[assembly: Parallelization(MaxThreads = 4)]
