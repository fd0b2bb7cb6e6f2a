import BenchmarkHarness

/// All benchmarks, in alphabetical order: one file and one line each.
let allBenchmarks: [Benchmark] = [
    .sha256
]
