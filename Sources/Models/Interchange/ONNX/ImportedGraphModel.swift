import MaterialsCore

/// A model of ONNX: a graph of operators, run on blocks of rows.
///
/// - Input:    the features of the other program, in its order: one input of several columns, or several inputs side by side.
///   Missing values are NaN and go where the graph sends them.
/// - Output:   regression: mean, spread NaN. Classification: the graph's own label and, where it gives them, probabilities.
/// - Errors:   `fit` is refused; operators that are not known are named when the file is read.
/// - Scope:    numbers in, one target or one label out; rows must not depend on each other, which is tried when it is read.
/// - Numerics: values are rounded to the kinds that the graph names, sums of products are kept in float64 until their end.
///   Agrees with onnxruntime to 1e-6 of the largest output, but for support vector machines: they sum large coefficients, here in
///   float64, in onnxruntime in float32, which leaves it up to 1e-4 away.
/// - Source:   ONNX 1.23, operator sets up to 24 of ai.onnx and 5 of ai.onnx.ml.
public struct ImportedGraphModel: PropertyModel {
    /// Name in plans.
    public static let name = "imported-graph"
    /// Missing values go where the graph sends them.
    public static let traits = ModelTraits(
        "an ONNX graph of trees, linear models, vectors or perceptrons", knowsItsError: false, missingFeatures: "as the graph says",
        isImported: true)

    let task: LearningTask
    /// Labels in the order of their codes; empty in a regression.
    let classes: [String]
    /// Columns that it reads.
    public let featureCount: Int
    private let file: [UInt8]
    private let program: GraphProgram
    private let inputs: [ONNXDocument.Port]
    private let isProbability: Bool
    private let labelOutput: Int?
    private let scoreOutput: Int?
    private let operators: [String]
    private let columnNames: [String]
    private static let blockRows = 256

    /// Refused: another program learns these.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> ImportedGraphModel {
        throw MatSieveError.usage("'\(name)' is read from a file of another program and cannot be fitted here; use 'matsieve convert'")
    }

    /// A converted model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws { try self.init(try parameters.bytes("onnx"), fileName: "model file") }

    /// The parameters: the file as it was.
    public var parameters: ParameterArchive { ParameterArchive(["onnx": .bytes(file)]) }

    /// What it was read from.
    public var summary: [String: String] { ["read_from": "ONNX", "operators": operators.joined(separator: " ")] }

    /// Reads a file.
    static func read(_ bytes: [UInt8], fileName: String) throws -> ForeignModel {
        let model = try ImportedGraphModel(bytes, fileName: fileName)
        var notes = ["operators \(model.operators.joined(separator: ", "))"]
        if model.task == .classification, !model.isProbability {
            notes.append("its scores are no probabilities: only the classes are predicted")
        }
        return ForeignModel(
            model: model, featureNames: model.columnNames, featureCount: model.featureCount, task: model.task, classes: model.classes,
            format: "ONNX", notes: notes)
    }

    /// Names that MatSieve wrote beside the graph, else those of the inputs.
    private static func columnNames(_ document: ONNXDocument, _ inputs: [ONNXDocument.Port], count: Int) -> [String] {
        if let written = document.notes["feature_names"] {
            let names = written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            if names.count == count { return names }
        }
        if inputs.count == 1 { return ForeignModel.numberedNames(count) }
        return inputs.flatMap { port in
            let width = port.shape.last ?? 1
            return width == 1 ? [port.name] : (0..<width).map { "\(port.name)_\($0)" }
        }
    }

    init(_ bytes: [UInt8], fileName: String) throws {
        let document = try ONNXDocument(bytes, fileName: fileName)
        let names = Set(document.graph.constants.map(\.name))
        file = bytes
        inputs = document.graph.inputs.filter { !names.contains($0.name) }
        program = try GraphProgram(document.graph, versions: document.versions, fileName: fileName)
        for port in inputs
        where ![1, 11, 6, 7].contains(port.kind) || port.shape.count != 2 || !(1...1 << 20).contains(port.shape.last ?? 0) {
            throw MatSieveError.input("\(fileName): input '\(port.name)' is no table of numbers with a known number of columns")
        }
        featureCount = inputs.reduce(0) { $0 + ($1.shape.last ?? 0) }
        guard (1...1 << 20).contains(featureCount) else { throw MatSieveError.input("\(fileName): no features, or too many of them") }
        columnNames = Self.columnNames(document, inputs, count: featureCount)
        var types: [String] = []
        for node in document.graph.nodes where !types.contains(node.type) { types.append(node.type) }
        operators = types
        let trial = try GraphTrial(program, inputs: inputs, fileName: fileName)
        (labelOutput, scoreOutput, isProbability) = (trial.label, trial.scores, trial.isProbability)
        task = trial.label == nil && trial.scoreWidth == 1 ? .regression : .classification
        let found = Self.classLabels(document.graph, count: trial.scoreWidth)
        if task == .regression {
            classes = []
        } else {
            let width = trial.isProbability ? trial.scoreWidth : max(found.count, 2)
            classes = found.count == width || !trial.isProbability && !found.isEmpty ? found : (0..<width).map { "\($0)" }
            guard classes.count >= 2 else { throw MatSieveError.input("\(fileName): a classifier of one class") }
        }
    }

    /// Labels of classes, wherever the graph has them.
    private static func classLabels(_ graph: ONNXDocument.Graph, count: Int) -> [String] {
        for node in graph.nodes.reversed() {
            for name in ["classlabels_strings", "classlabels_int64s", "classlabels_ints"] {
                if let texts = node.attributes[name]?.texts, !texts.isEmpty { return texts }
                if let numbers = node.attributes[name]?.integers, !numbers.isEmpty { return numbers.map { "\($0)" } }
            }
        }
        guard let (_, labels) = graph.constants.first(where: { $0.name.hasPrefix("classes") && $0.tensor.shape.count == 1 }) else {
            return []
        }
        return labels.kind == .text ? labels.texts : labels.values.map { numberText($0) }
    }

    /// Outputs of the graph for row-major features.
    func outputs(_ features: ArraySlice<Double>) throws -> [GraphTensor] {
        let rows = features.count / featureCount
        var first = 0
        let tensors = inputs.map { port in
            let width = port.shape[1]
            defer { first += width }
            return Self.input(features, rows: rows, columns: featureCount, first: first, port)
        }
        return try program.run(tensors)
    }

    static func input(_ features: ArraySlice<Double>, rows: Int, columns: Int, first: Int, _ port: ONNXDocument.Port) -> GraphTensor {
        let kind = GraphTensor.Kind(rawValue: port.kind) ?? .float
        let width = port.shape[1]
        var values: [Double] = []
        values.reserveCapacity(rows * width)
        for row in 0..<rows {
            for column in first..<first + width {
                let value = features[features.startIndex + row * columns + column]
                values.append(
                    kind == .float || kind == .double ? GraphTensor.rounded(value, kind) : value.isFinite ? value.rounded(.towardZero) : 0)
            }
        }
        return GraphTensor(kind, [rows, width], values)
    }

    /// Fills `prediction`; rows that the graph cannot compute are NaN.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.rows == features.rows)
        for first in stride(from: 0, to: features.rows, by: Self.blockRows) {
            let rows = first..<min(first + Self.blockRows, features.rows)
            guard let outputs = try? outputs(features.values[rows.lowerBound * featureCount..<rows.upperBound * featureCount]) else {
                continue
            }
            fill(&prediction, rows, outputs)
        }
    }

    private func fill(_ prediction: inout Prediction, _ rows: Range<Int>, _ outputs: [GraphTensor]) {
        let scores = scoreOutput.map { outputs[$0] }
        for (i, row) in rows.enumerated() {
            if let scores, scores.count > i, task == .regression || isProbability {
                let width = task == .regression ? 1 : classes.count
                guard scores.count >= (i + 1) * width else { continue }
                prediction.set(Array(scores.values[i * width..<(i + 1) * width]), task: task, row: row)
            }
            if let labelOutput, let code = code(outputs[labelOutput], i) { setClass(&prediction, code, row) }
        }
    }

    /// The graph's own label, which need not be the likeliest class.
    private func setClass(_ prediction: inout Prediction, _ code: Int, _ row: Int) {
        prediction.mean[row] = Double(code)
        guard isProbability else { return }
        if prediction.classCount > 2, code < prediction.classCount { prediction.spread[row] = prediction.probabilities[row, code] }
    }

    private func code(_ labels: GraphTensor, _ row: Int) -> Int? {
        guard row < labels.count else { return nil }
        if labels.kind == .text { return classes.firstIndex(of: labels.texts[row]) }
        let text = numberText(labels.values[row])
        return classes.firstIndex(of: text)
    }
}
