import BenchmarkHarness

/// All benchmarks, in alphabetical order: one file and one line each.
let allBenchmarks: [Benchmark] = [
    .boostedTreesFit,
    .boostedTreesPredict,
    .csv,
    .formulaParsing,
    .magpie,
    .screening,
    .sha256,
]
