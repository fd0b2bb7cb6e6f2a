import BenchmarkHarness

/// All benchmarks, in alphabetical order: one file and one line each.
let allBenchmarks: [Benchmark] = [
    .boostedTreesFit,
    .boostedTreesPredict,
    .crystalGraph,
    .csv,
    .expression,
    .formulaParsing,
    .magpie,
    .pareto,
    .screening,
    .sha256,
    .store,
]
