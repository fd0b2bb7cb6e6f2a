import BenchmarkHarness

/// All benchmarks, in alphabetical order: one file and one line each.
let allBenchmarks: [Benchmark] = [
    .acsf,
    .boostedTreesFit,
    .boostedTreesPredict,
    .cif,
    .crystalGraph,
    .csv,
    .expression,
    .foreignModel,
    .formulaParsing,
    .magpie,
    .mbtr,
    .modelScaling,
    .neighborList,
    .pareto,
    .poscar,
    .screening,
    .sha256,
    .sineMatrix,
    .soap,
    .store,
    .structureJSON,
    .xrayPowder,
]
