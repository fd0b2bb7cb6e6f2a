import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Crystals to eigenvalues of the sine matrix.
    static let sineMatrix = Benchmark(
        name: "sine-matrix", unit: "crystals", summary: "crystals to eigenvalues of the sine matrix", optionNames: ["input", "output"]
    ) { context in
        .describing(try CrystalTable(context), by: try DescriptorRegistry.make("sine-matrix"), output: context.options["output"])
    }
}
