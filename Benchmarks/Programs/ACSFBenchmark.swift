import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Crystals to averaged symmetry functions, the default ones, with the elements of all of them.
    static let acsf = Benchmark(
        name: "acsf", unit: "crystals", summary: "crystals to atom-centred symmetry functions", optionNames: ["input", "output"]
    ) { context in
        let table = try CrystalTable(context)
        let settings = Setting(.mapping([("species", 0, table.species)]))
        let descriptor = try DescriptorRegistry.make("acsf", settings: Settings(settings, subject: "descriptor 'acsf'"))
        return .describing(table, by: descriptor, output: context.options["output"])
    }
}
