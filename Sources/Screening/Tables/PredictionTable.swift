import MaterialsCore
import Storage

/// `matsieve predict`: a model's predictions for every candidate of a table.
public struct PredictionTable {
    /// Predicts and writes CSV or HDF5, by the ending of `output`.
    ///
    /// Columns: `id,formula,<target>,<target>_std,in_domain`; for classes `<target>_probability`.
    public static func predict(
        model path: String, _ input: String, output: String, format: String? = nil, keys: KeyColumns = KeyColumns(),
        workers: Workers
    ) throws -> TableDescription.Outcome {
        let surrogate = try Surrogate.load(path).surrogate
        let names = try CandidateInput.columnNames(input, format: format)
        for c in surrogate.features.requiredColumns where !names.contains(c.name) {
            throw MatSieveError.input("\(input): the model needs a column '\(c.name)'" + suggestion(for: c.name, among: names))
        }
        let source = try CandidateInput.open(
            input, format: format,
            request: keys.request(surrogate.features.requiredColumns, structures: surrogate.features.requiresStructures))
        try surrogate.features.requireStructures(source)
        let target = surrogate.card.target
        let spread = surrogate.card.task == .regression ? "\(target)_std" : "\(target)_probability"
        let unit = surrogate.card.unit
        var provenance = source.provenance
        provenance.dataClass = max(provenance.dataClass, surrogate.card.data.dataClass)
        let sink = try openTableSink(
            output,
            columns: [
                .init(name: target, unit: unit), .init(name: spread, unit: surrogate.card.task == .regression ? unit : nil),
                .init(name: "in_domain"),
            ], asFeatures: false, provenance: provenance)
        var tally = ReadTally()
        try source.forEachBatch(
            workers, transform: { predict($0, surrogate) },
            commit: { part in
                try sink.append(part.batch, part.values)
                tally.add(part.batch)
            })
        try tally.requireUsable(input)
        try sink.finish()
        return TableDescription.Outcome(tally, of: source)
    }

    private static func predict(_ batch: CandidateBatch, _ surrogate: Surrogate) -> DescribedBatch {
        var cache = FeatureCache()
        let output = surrogate.predict(batch, cache: &cache)
        var screened = ScreenedBatch(candidates: batch, propertyCount: 3)
        screened.set(0, values: output.prediction.mean)
        screened.set(1, values: output.prediction.spread)
        screened.set(2, values: output.inDomain)
        screened.reject(output.defects, stage: .describe)
        var values = FeatureMatrix(rows: screened.count, columns: 3)
        for row in 0..<screened.count { for c in 0..<3 { values[row, c] = screened.values[c]![row] } }
        return DescribedBatch(batch: screened.candidates, values: values)
    }
}
