import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Crystals to many-body tensors of distances or angles, with the elements of all of them.
    static let mbtr = Benchmark(
        name: "mbtr", unit: "crystals", summary: "crystals to many-body tensors (--geometry inverse_distance or angle)",
        optionNames: ["input", "output", "geometry"]
    ) { context in
        let geometry = try context.choice("geometry", among: ["inverse_distance", "angle"])
        let table = try CrystalTable(context)
        let settings = Setting(
            .mapping([("geometry", 0, Setting(.text(geometry))), ("species", 0, table.species)]))
        let descriptor = try DescriptorRegistry.make("mbtr", settings: Settings(settings, subject: "descriptor 'mbtr'"))
        return .describing(table, by: descriptor, output: context.options["output"])
    }
}
