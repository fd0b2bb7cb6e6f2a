import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve graph`
struct Graph: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write candidates with their crystal graphs, for graph networks to read.")

    @Argument(help: "Structures: a file, folder or archive, a table with a structure column, or a store.")
    var input: String
    @Option(name: .shortAndLong, help: "Candidate store (.h5) with a group /graph.")
    var output: String
    @Option(help: "Join atoms up to this distance (Å).")
    var cutoff: Double?
    @Option(help: "Join each atom to its nearest; ties are kept (default: 12).")
    var neighbors: Int?
    @Flag(help: "Join atoms by their covalent radii.")
    var bonds = false
    @Option(help: "Å between ties of --neighbors (default 0.001), or added to the sum of radii of --bonds (0.25).")
    var tolerance: Double?
    @Flag(help: "Add the reverse of every edge of --neighbors.")
    var symmetric = false
    @Option(help: "Node features: one-hot, magpie or none.")
    var nodeFeatures = NodeFeatureChoice.oneHot
    @Option(help: "Gaussians of the edge length: their centres are stored, from 0 to --gaussian-stop.")
    var gaussians = 0
    @Option(help: "Centre of the last Gaussian (Å); else the cutoff, or 8.")
    var gaussianStop: Double?
    @Flag(help: "Store the Gaussians' values of every edge, too.")
    var expandEdges = false
    @Flag(help: "Store the vectors of the edges.")
    var vectors = false
    @Flag(help: "Store the pairs of edges that leave one atom, and their angles.")
    var lineGraph = false
    @Option(help: "Leave edges that are longer (Å) out of the line graph.")
    var lineCutoff: Double?
    @OptionGroup var table: TableOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try refuseOverwriting([input], outputs: [output, table.rejections])
        let outcome = try request().run(
            input, output: output, format: table.format, keys: table.keys, workers: try common.workers())
        try table.report(outcome, common)
        if !common.quiet { common.tell("\(outcome.written) candidates with graphs in \(output)") }
    }

    private func request() throws -> CandidateGraphs {
        var graphs = CandidateGraphs(
            rule: try GraphChoice(cutoff: cutoff, neighbors: neighbors, bonds: bonds, tolerance: tolerance, symmetric: symmetric).rule())
        guard gaussians == 0 || (2...1000).contains(gaussians) else {
            throw MatSieveError.usage("--gaussians \(gaussians): give a number from 2 to 1000")
        }
        for (option, value) in [("gaussian-stop", gaussianStop), ("line-cutoff", lineCutoff)] {
            if let value, !(value > 0 && value <= 100) {
                throw MatSieveError.usage("--\(option) \(value): give a length above 0, up to 100 Å")
            }
        }
        graphs.useNodeFeatures(nodeFeatures)
        (graphs.gaussians, graphs.gaussianStop, graphs.expandsEdges) = (gaussians, gaussianStop, expandEdges)
        (graphs.hasVectors, graphs.lineCutoff) = (vectors, lineGraph || lineCutoff != nil ? lineCutoff ?? .infinity : nil)
        return graphs
    }
}

extension NodeFeatureChoice: ExpressibleByArgument {}
