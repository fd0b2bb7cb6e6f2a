import BenchmarkHarness

/// All benchmarks, in alphabetical order: one file and one line each.
let allBenchmarks: [Benchmark] = [
    .boostedTreesFit,
    .boostedTreesPredict,
    .cif,
    .csv,
    .expression,
    .formulaParsing,
    .magpie,
    .mbtr,
    .pareto,
    .poscar,
    .screening,
    .sha256,
    .sineMatrix,
    .store,
    .xrayPowder,
]
