import MaterialsCore
import Models
import Storage

/// `matsieve convert`: a model that another program wrote becomes a model file, and a model file becomes ONNX.
public struct ModelConversion {
    /// What the model predicts, and from which features.
    public struct Request: Sendable {
        /// Name of what it predicts.
        public var target: String
        /// Unit of it.
        public var unit: String?
        /// Descriptors that give its features.
        public var descriptors: [NamedSettings]
        /// Numeric columns of the candidates that are features too, behind those of the descriptors.
        public var columns: [CandidateColumn]
        /// Rights class of the data that it was trained on.
        public var dataClass: DataClass
        /// Licence of them.
        public var license: String?

        /// Describes a model.
        public init(
            target: String, unit: String? = nil, descriptors: [NamedSettings], columns: [CandidateColumn] = [],
            dataClass: DataClass = .open,
            license: String? = nil
        ) {
            (self.target, self.unit, self.descriptors, self.columns) = (target, unit, descriptors, columns)
            (self.dataClass, self.license) = (dataClass, license)
        }
    }

    /// Reads `input`, writes `output`.
    /// - Returns: what people should know
    public static func run(_ input: String, output: String, _ request: Request) throws -> [String] {
        try requireEnding(output, [".h5"])
        if let column = request.columns.first(where: { $0.kind == .text }) {
            throw MatSieveError.usage(
                "--columns \(column.name):category: the codes of another program's categories are not known here; use numbers")
        }
        let bytes = try Self.bytes(input)
        let foreign = try ForeignModel.read(bytes, fileName: input)
        let features = try FeaturePipeline(descriptors: request.descriptors, columns: request.columns.map { .init(name: $0.name) })
        let order = try FeatureMatching(foreign, file: input).order(in: features.featureNames)
        let surrogate = Surrogate(
            card: card(foreign, request, features, path: input, hash: SHA256.hash(bytes), byName: order.isByName), features: features,
            model: foreign.model, known: CompositionKeySet([]), errorModel: nil, calibration: .none(foreign.task), domain: nil,
            featureOrder: order.columns, elements: [Bool](repeating: true, count: 119))
        try SurrogateFile.save([surrogate], to: output)
        return surrogate.card.summaryLines
    }

    /// Writes the model of a target as ONNX, for other programs.
    /// - Returns: what people should know
    public static func write(_ input: String, target: String?, to output: String) throws -> [String] {
        let surrogate = try SurrogateFile(input).surrogate(of: target, path: input)
        let labels = surrogate.features.featureNames
        let bytes = try ONNXWriter.write(
            surrogate.model, featureNames: surrogate.featureOrder.map { $0.map { labels[$0] } } ?? labels, classes: surrogate.classNames)
        try AtomicFile.write(bytes, to: output)
        let rights = surrogate.card.data.dataClass
        return [
            "\(surrogate.card.target) as ONNX in \(output): give it the columns of 'matsieve describe --descriptor \(surrogate.card.descriptors.joined(separator: ","))'"
        ] + (rights == .open ? [] : ["note: it was learned from \(rights.rawValue) data, which the file cannot say"])
            + ["note: standard deviations, calibration and in_domain are not in it"]
    }

    /// True for a model file of MatSieve.
    public static func isModelFile(_ path: String) throws -> Bool { try FileKind.detect(path) == .model }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let stream = try FileByteStream(path: path)
        var bytes: [UInt8] = []
        while true {
            let more = try stream.read(1 << 20)
            if more.isEmpty { return bytes }
            bytes += more
        }
    }

    private static func card(
        _ foreign: ForeignModel, _ request: Request, _ features: FeaturePipeline, path: String, hash: String, byName: Bool
    ) -> ModelCard {
        let matched =
            byName
            ? "its features were matched by name" : "its features have no names of their own and were taken in the order of the descriptors"
        var card = ModelCard(
            property: request.target, model: type(of: foreign.model).name, target: request.target, unit: request.unit, task: foreign.task,
            descriptors: request.descriptors.map(\.name) + request.columns.map { "column \($0.name)" }, featureCount: foreign.featureCount,
            rows: 0, data: .init(path: path, sha256: hash, dataClass: request.dataClass, license: request.license),
            settings: foreign.model.summary, version: MatSieve.version,
            warnings: foreign.notes + [
                matched, "its training data are not known: its error was not judged, in_domain is 1 for all candidates",
            ])
        if foreign.task == .classification { card.classes = foreign.classes.count >= 2 ? foreign.classes : ["0", "1"] }
        return card
    }
}

/// Finds the features of a foreign model among those that descriptors give.
struct FeatureMatching {
    private let names: [String]
    private let file: String

    init(_ foreign: ForeignModel, file: String) { (names, self.file) = (foreign.featureNames, file) }

    /// The places of the model's features; by name where they have real ones, else as they are.
    /// - Errors: `.usage` where a name is not found, or the counts differ
    func order(in labels: [String]) throws -> (columns: [Int]?, isByName: Bool) {
        if names.allSatisfy(Self.isNumbered) {
            guard names.count == labels.count else {
                throw MatSieveError.usage(
                    "\(file): reads \(names.count) features without names, the descriptors and columns give \(labels.count); name those that it was trained on, in order"
                )
            }
            return (nil, false)
        }
        let places = Dictionary(labels.enumerated().map { (Self.plain($1), $0) }, uniquingKeysWith: { first, _ in first })
        let columns = try names.map { name in
            guard let place = places[Self.plain(name)] else {
                throw MatSieveError.usage(
                    "\(file): reads a feature '\(name)', which the descriptors and columns do not give"
                        + suggestion(for: name, among: labels))
            }
            return place
        }
        return (columns == Array(labels.indices) ? nil : columns, true)
    }

    /// `f0`, `x1`, `Column_2`, `3`: what programs make up where nobody gives names.
    private static func isNumbered(_ name: String) -> Bool {
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }
        return !digits.isEmpty && ["", "f", "x", "X", "Column_", "feature_", "input_"].contains(String(name.dropLast(digits.count)))
    }

    /// Names as they are compared: LightGBM writes underscores for spaces, and other programs drop what is no letter or digit.
    private static func plain(_ name: String) -> String { String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}
