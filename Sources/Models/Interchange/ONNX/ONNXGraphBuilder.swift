import MaterialsCore

/// Puts a graph together and writes it.
struct ONNXGraphBuilder {
    /// A setting of an operator.
    enum Attribute {
        case integer(Int)
        case integers([Int])
        case doubles([Double])
        case smallNumbers([UInt8])
    }

    private var nodes: [[UInt8]] = []
    private var constants: [[UInt8]] = []
    private var outputs: [[UInt8]] = []
    private var names = 0

    /// Kinds of elements, by ONNX's own numbers.
    private enum Element { static let (uint8, int64, text, double) = (2, 7, 8, 11) }

    /// A name that nothing else has.
    private mutating func freshName() -> String {
        names += 1
        return "v\(names)"
    }

    /// Adds a constant of doubles.
    mutating func constant(_ values: [Double], shape: [Int]) -> String {
        let name = freshName()
        constants.append(Self.tensor(name, Element.double, shape, Self.raw(values)))
        return name
    }

    /// Adds a constant of whole numbers.
    mutating func constant(_ values: [Int]) -> String {
        let name = freshName()
        constants.append(
            Self.tensor(name, Element.int64, [values.count], values.flatMap { Self.littleEndianBytes(UInt64(bitPattern: Int64($0))) }))
        return name
    }

    /// Adds a constant of texts.
    mutating func constant(_ texts: [String], name: String) -> String {
        var writer = ProtobufWriter()
        writer.integer(1, texts.count)
        writer.integer(2, Element.text)
        for text in texts { writer.text(6, text) }
        writer.text(8, name)
        constants.append(writer.bytes)
        return name
    }

    /// Adds an operator; its output.
    mutating func add(
        _ type: String, _ inputs: [String], domain: String = "", output: String? = nil, _ attributes: [(String, Attribute)] = []
    ) -> String {
        let output = output ?? freshName()
        var writer = ProtobufWriter()
        for input in inputs { writer.text(1, input) }
        writer.text(2, output)
        writer.text(4, type)
        for (name, value) in attributes { writer.bytes(5, Self.attribute(name, value)) }
        if !domain.isEmpty { writer.text(7, domain) }
        nodes.append(writer.bytes)
        return output
    }

    /// Names an output; `columns` nil for one label a row.
    mutating func output(_ name: String, columns: Int?, isText: Bool = false) {
        outputs.append(Self.port(name, columns == nil ? (isText ? Element.text : Element.int64) : Element.double, columns))
    }

    /// The file: one input `X` of `columns` doubles a row.
    func file(columns: Int, featureNames: [String]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.integer(1, 10)
        writer.text(2, "MatSieve")
        writer.message(7) { graph in
            for node in nodes { graph.bytes(1, node) }
            graph.text(2, "model")
            for constant in constants { graph.bytes(5, constant) }
            graph.bytes(11, Self.port("X", Element.double, columns))
            for output in outputs { graph.bytes(12, output) }
        }
        for (domain, version) in [("", 17), ("ai.onnx.ml", 5)] {
            writer.message(8) { set in
                set.text(1, domain)
                set.integer(2, version)
            }
        }
        writer.message(14) { entry in
            entry.text(1, "feature_names")
            entry.text(2, featureNames.map { $0.replacing("\n", with: " ") }.joined(separator: "\n"))
        }
        return writer.bytes
    }

    private static func port(_ name: String, _ kind: Int, _ columns: Int?) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.text(1, name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, kind)
                tensor.message(2) { shape in
                    shape.message(1) { $0.text(2, "rows") }
                    if let columns { shape.message(1) { $0.integer(1, columns) } }
                }
            }
        }
        return writer.bytes
    }

    private static func attribute(_ name: String, _ value: Attribute) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.text(1, name)
        switch value {
        case .integer(let i):
            writer.integer(3, i)
            writer.integer(20, 2)
        case .integers(let all):
            writer.separateIntegers(8, all)
            writer.integer(20, 7)
        case .doubles(let all):
            writer.bytes(5, tensor(name, Element.double, [all.count], raw(all)))
            writer.integer(20, 4)
        case .smallNumbers(let all):
            writer.bytes(5, tensor(name, Element.uint8, [all.count], all))
            writer.integer(20, 4)
        }
        return writer.bytes
    }

    private static func tensor(_ name: String, _ kind: Int, _ shape: [Int], _ raw: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.separateIntegers(1, shape)
        writer.integer(2, kind)
        writer.text(8, name)
        writer.bytes(9, raw)
        return writer.bytes
    }

    private static func raw(_ values: [Double]) -> [UInt8] { values.flatMap { littleEndianBytes($0.bitPattern) } }

    private static func littleEndianBytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
}
