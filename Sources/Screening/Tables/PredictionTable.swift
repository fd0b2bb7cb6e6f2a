import MaterialsCore
import Models
import Storage

/// `matsieve predict`: the predictions of a model file for every candidate of a table.
public struct PredictionTable {
    /// Predicts and writes CSV or HDF5, by the ending of `output`.
    ///
    /// Columns: `id,formula,<target>,<target>_std,in_domain`; for classes `<target>_probability`, and behind it
    /// `<target>_probability_<class>` of each where they are more than two or have names. A file of several targets gives all of
    /// them, each with `<target>_in_domain`, and `in_domain` is 1 where all are. An interval adds `<target>_lower,<target>_upper` behind
    /// the standard deviation of numbers: they hold the value with that probability, by what was seen on held-out rows.
    public static func predict(
        model path: String, _ input: String, output: String, format: String? = nil, keys: KeyColumns = KeyColumns(),
        interval: Double? = nil, workers: Workers
    ) throws -> TableDescription.Outcome {
        let surrogates = try SurrogateFile(path).surrogates
        let level = try interval.map { try checkedLevel($0, surrogates, path) }
        let source = try open(input, for: surrogates, format: format, keys: keys)
        var provenance = source.provenance
        provenance.dataClass = max(provenance.dataClass, surrogates.map(\.card.data.dataClass).max()!)
        let layouts = surrogates.map { PredictionColumns($0, level: level, isAlone: surrogates.count == 1) }
        let columns = layouts.flatMap(\.columns) + [TableColumn(name: "in_domain")]
        try checkNames(columns, path)
        let sink = try openTableSink(output, columns: columns, asFeatures: false, provenance: provenance)
        var tally = ReadTally()
        try source.forEachBatch(
            workers, transform: { predict($0, layouts, width: columns.count) },
            commit: { part in
                try sink.append(part.batch, part.values)
                tally.add(part.batch)
            })
        try tally.requireUsable(input)
        try sink.finish()
        var outcome = TableDescription.Outcome(tally, of: source)
        for s in surrogates where level != nil && s.card.task == .regression && s.card.validation == nil {
            outcome.notes.append(
                "the error of the model of '\(s.card.target)' was not judged: its intervals take its own standard deviations for Gaussian")
        }
        return outcome
    }

    /// The place of a level among those that a calibration knows.
    private static func checkedLevel(_ level: Double, _ surrogates: [Surrogate], _ path: String) throws -> Int {
        guard surrogates.contains(where: { $0.card.task == .regression }) else {
            throw MatSieveError.usage("--interval: \(path) predicts classes; intervals are for numbers")
        }
        guard let place = Calibration.levels.firstIndex(of: level) else {
            let known = Calibration.levels.map(numberText).joined(separator: ", ")
            throw MatSieveError.usage("--interval \(numberText(level)): give one of \(known)")
        }
        return place
    }

    private static func open(_ input: String, for surrogates: [Surrogate], format: String?, keys: KeyColumns) throws -> any CandidateSource
    {
        let names = try CandidateInput.columnNames(input, format: format)
        var needed: [CandidateColumn] = []
        for c in surrogates.flatMap(\.features.requiredColumns) where !needed.contains(c) {
            guard names.contains(c.name) else {
                throw MatSieveError.input("\(input): the model needs a column '\(c.name)'" + suggestion(for: c.name, among: names))
            }
            needed.append(c)
        }
        let needsStructures = surrogates.contains { $0.features.requiresStructures }
        let source = try CandidateInput.open(input, format: format, request: keys.request(needed, structures: needsStructures))
        for s in surrogates { try s.features.requireStructures(source) }
        return source
    }

    private static func checkNames(_ columns: [TableColumn], _ path: String) throws {
        var seen: Set<String> = ["id", "formula"]
        for c in columns where !seen.insert(c.name).inserted {
            throw MatSieveError.input("\(path): the predictions would have two columns '\(c.name)'; train the target under another name")
        }
    }

    private static func predict(_ batch: CandidateBatch, _ layouts: [PredictionColumns], width: Int) -> DescribedBatch {
        var cache = FeatureCache()
        var values = FeatureMatrix(rows: batch.count, columns: width)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        var first = 0
        for row in 0..<batch.count { values[row, width - 1] = 1 }
        for layout in layouts {
            let output = layout.surrogate.predict(batch, cache: &cache)
            for row in 0..<batch.count {
                layout.write(output, row: row, to: &values, at: first)
                values[row, width - 1] = min(values[row, width - 1], output.inDomain[row])
            }
            defects += output.defects
            first += layout.columns.count
        }
        var screened = ScreenedBatch(candidates: batch, propertyCount: 0)
        screened.reject(defects, stage: .describe)
        let bad = Set(defects.map(\.row))
        if !bad.isEmpty { values = values.selecting((0..<values.rows).filter { !bad.contains($0) }) }
        return DescribedBatch(batch: screened.candidates, values: values)
    }
}

/// The columns that the predictions of one surrogate fill.
struct PredictionColumns: Sendable {
    let surrogate: Surrogate
    let columns: [TableColumn]
    private let isAlone: Bool
    /// Half the interval's width in standard deviations; nil where none is asked for.
    private let halfWidth: Double?

    init(_ surrogate: Surrogate, level: Int?, isAlone: Bool) {
        (self.surrogate, self.isAlone) = (surrogate, isAlone)
        halfWidth = surrogate.card.task == .regression ? level.map { surrogate.calibration.factors[$0] } : nil
        let (card, target) = (surrogate.card, surrogate.card.target)
        var columns = [TableColumn(name: target, unit: card.unit, classes: surrogate.classNames)]
        if card.task == .regression {
            let names = ["std"] + (halfWidth == nil ? [] : ["lower", "upper"])
            columns += names.map { TableColumn(name: "\(target)_\($0)", unit: card.unit) }
        } else {
            columns.append(TableColumn(name: "\(target)_probability"))
            columns += surrogate.classNames.map { TableColumn(name: "\(target)_probability_\($0)") }
        }
        self.columns = columns + (isAlone ? [] : [TableColumn(name: "\(target)_in_domain")])
    }

    /// Fills the columns from `first` on.
    func write(_ output: Surrogate.Output, row: Int, to values: inout FeatureMatrix, at first: Int) {
        let prediction = output.prediction
        values[row, first] = prediction.mean[row]
        values[row, first + 1] = surrogate.classNames.isEmpty ? prediction.spread[row] : prediction.certainty(row)
        if let halfWidth {
            values[row, first + 2] = prediction.mean[row] - halfWidth * prediction.spread[row]
            values[row, first + 3] = prediction.mean[row] + halfWidth * prediction.spread[row]
        }
        for c in surrogate.classNames.indices { values[row, first + 2 + c] = prediction.probability(ofClass: c, row: row) }
        if !isAlone { values[row, first + columns.count - 1] = output.inDomain[row] }
    }
}

extension Prediction {
    /// Probability of the class that is predicted.
    func certainty(_ row: Int) -> Double {
        mean[row].isNaN ? .nan : probability(ofClass: Int(mean[row]), row: row)
    }
}
