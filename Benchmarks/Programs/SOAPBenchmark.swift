import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Crystals to averaged power spectra, with the elements of all of them: 8 radial functions, degree 6, 5 Å.
    static let soap = Benchmark(
        name: "soap", unit: "crystals", summary: "crystals to SOAP power spectra (--compression off, mu2, mu1nu1 or crossover)",
        optionNames: ["input", "output", "compression"]
    ) { context in
        let compression = try context.choice("compression", among: ["off", "mu2", "mu1nu1", "crossover"])
        let table = try CrystalTable(context)
        let settings = Setting(.mapping([("compression", 0, Setting(.text(compression))), ("species", 0, table.species)]))
        let descriptor = try DescriptorRegistry.make("soap", settings: Settings(settings, subject: "descriptor 'soap'"))
        return .describing(table, by: descriptor, output: context.options["output"])
    }
}
