import MaterialsCore

/// What a graph does with a few rows: shapes of its outputs, and whether rows depend on each other.
struct GraphTrial {
    /// Output that holds labels.
    private(set) var label: Int?
    /// Output that holds values, scores or probabilities.
    private(set) var scores: Int?
    private(set) var scoreWidth = 0
    private(set) var isProbability = false
    private static let rows = 16

    /// Runs seeded rows together and alone.
    /// - Throws: `MatSieveError.input` where an operator fails or rows depend on each other.
    init(_ program: GraphProgram, inputs: [ONNXDocument.Port], fileName: String) throws {
        var random = SplitMix64(seed: 17)
        let columns = inputs.reduce(0) { $0 + $1.shape[1] }
        let values = (0..<Self.rows * columns).map { _ in random.nextUnit() * 4 - 2 }
        func run(_ rows: Range<Int>) throws -> [GraphTensor] {
            var first = 0
            let slice = values[rows.lowerBound * columns..<rows.upperBound * columns]
            return try program.run(
                inputs.map { port in
                    defer { first += port.shape[1] }
                    return ImportedGraphModel.input(slice, rows: rows.count, columns: columns, first: first, port)
                })
        }
        let whole = try run(0..<Self.rows)
        try classify(whole, fileName)
        for row in [0, Self.rows - 1] {
            let alone = try run(row..<row + 1)
            for output in [label, scores].compactMap({ $0 }) where !Self.agrees(whole[output], row, alone[output]) {
                throw MatSieveError.input("\(fileName): rows depend on each other in this graph; it is not supported")
            }
        }
    }

    private mutating func classify(_ outputs: [GraphTensor], _ fileName: String) throws {
        for (i, output) in outputs.enumerated() {
            let isLabel = output.kind == .text || output.kind == .int64 || output.kind == .int32
            if isLabel, label == nil, output.count == Self.rows { label = i }
            if !isLabel, scores == nil, output.kind != .boolean, output.count.isMultiple(of: Self.rows), output.count > 0 {
                (scores, scoreWidth) = (i, output.count / Self.rows)
            }
        }
        guard label != nil || scores != nil else { throw MatSieveError.input("\(fileName): no output with a value for each row") }
        guard let scores, scoreWidth > 1 else { return }
        isProbability = (0..<Self.rows).allSatisfy { row in
            let line = outputs[scores].values[row * scoreWidth..<(row + 1) * scoreWidth]
            return line.allSatisfy { $0 >= 0 && $0 <= 1.000001 } && (line.reduce(0, +) - 1).magnitude < 1e-3
        }
        guard isProbability || label != nil else {
            throw MatSieveError.input("\(fileName): \(scoreWidth) values a row; one target or the probabilities of classes are read")
        }
    }

    /// Whether a row has the same bits in a batch and alone.
    private static func agrees(_ batch: GraphTensor, _ row: Int, _ alone: GraphTensor) -> Bool {
        let width = batch.count / rows
        guard alone.kind == batch.kind, alone.count == width else { return false }
        if batch.kind == .text { return Array(batch.texts[row * width..<(row + 1) * width]) == alone.texts }
        return zip(batch.values[row * width..<(row + 1) * width], alone.values).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
}
