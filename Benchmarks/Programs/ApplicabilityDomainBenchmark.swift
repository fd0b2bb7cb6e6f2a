import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Features to distances from the training rows, batch by batch as a run does it.
    static let applicabilityDomain = Benchmark(
        name: "applicability-domain", unit: "rows", summary: "distances of described rows to the training rows",
        optionNames: ["train", "input", "distances", "parameters"]
    ) { context in
        let (train, features) = try matrices(context)
        let domain = try ApplicabilityDomain.fit(train, seed: 7)
        let size = CandidateGrid.batchSize
        let batches = stride(from: 0, to: features.rows, by: size).map { first in
            let rows = min(size, features.rows - first)
            let values = Array(features.values[first * features.columns..<(first + rows) * features.columns])
            return FeatureMatrix(rows: rows, columns: features.columns, values: values)
        }
        let distances = Slots(count: batches.count) { [Double](repeating: 0, count: batches[$0].rows) }
        let threads = context.threads
        return BenchmarkWork(
            rows: features.rows,
            run: { inParallel(batches.count, threads: threads) { _, b in distances[b] = domain.distances(batches[b]) } },
            checksum: { distances.all.reduce(0) { $1.reduce($0, +) } },
            finish: {
                if let path = context.options["distances"] { try MatrixFile.write(distances.all.flatMap { $0 }, columns: 1, to: path) }
                if let stem = context.options["parameters"] { try write(domain.parameters, stem: stem) }
                let outside = distances.all.reduce(0) { $0 + $1.count { $0 > 1 } }
                return ["columns": Double(features.columns), "outside": Double(outside)]
            })
    }

    /// Each array in a file of its own: STEM.means.json, …
    private static func write(_ parameters: ParameterArchive, stem: String) throws {
        for name in ["means", "factors", "directions", "centers", "scales", "edge"] {
            try MatrixFile.write(try parameters.doubles(name), columns: 1, to: "\(stem).\(name).json")
        }
    }

    private static func matrices(_ context: BenchmarkContext) throws -> (FeatureMatrix, FeatureMatrix) {
        if let path = context.options["train"] {
            return (try MatrixFile(path: path).matrix, try MatrixFile(path: try context.required("input")).matrix)
        }
        let (data, test, _) = try TrainedTrees.example(context)
        let copies = context.tiny ? 1 : 200
        let values = (0..<copies).flatMap { _ in test.values }
        return (data.features, FeatureMatrix(rows: test.rows * copies, columns: test.columns, values: values))
    }
}
