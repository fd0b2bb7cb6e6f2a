import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Crystals to smeared powder patterns.
    static let xrayPowder = Benchmark(
        name: "xray-powder", unit: "crystals", summary: "crystals to smeared X-ray powder patterns", optionNames: ["input", "output"]
    ) { context in
        .describing(try CrystalTable(context), by: try DescriptorRegistry.make("xray-powder"), output: context.options["output"])
    }
}
