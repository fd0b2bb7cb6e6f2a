import MaterialsCore

/// An ONNX file as it stands: the messages of its schema that models need.
///
/// - Source: onnx.proto of ONNX 1.23, https://github.com/onnx/onnx
struct ONNXDocument {
    var graph = Graph()
    /// Version of each set of operators by domain.
    var versions: [String: Int] = [:]
    /// What was written beside the graph.
    var notes: [String: String] = [:]

    /// Nodes in order, with what flows in and out.
    struct Graph {
        var nodes: [Node] = []
        var constants: [(name: String, tensor: GraphTensor)] = []
        var inputs: [Port] = []
        var outputs: [Port] = []
    }

    /// An input or output: name, kind (0 for sequences and maps), shape with -1 for what is open.
    struct Port {
        var name = ""
        var kind = 0
        var shape: [Int] = []
    }

    /// One operator.
    struct Node {
        var inputs: [String] = []
        var outputs: [String] = []
        var name = ""
        var type = ""
        var domain = ""
        var attributes: [String: Attribute] = [:]
    }

    /// A setting of an operator.
    struct Attribute {
        var number: Double?
        var integer: Int?
        var text: String?
        var tensor: GraphTensor?
        var graph: Graph?
        var numbers: [Double] = []
        var integers: [Int] = []
        var texts: [String] = []
    }

    /// Reads a file.
    init(_ bytes: [UInt8], fileName: String) throws {
        var found: Graph?
        var versions: [String: Int] = [:]
        var notes: [String: String] = [:]
        try ProtobufReader.fields(bytes[...], subject: fileName) { number, content in
            if number == 7 { found = try Graph(content.message, fileName, depth: 0) }
            if number == 14 {
                var (key, text) = ("", "")
                try ProtobufReader.fields(content.message, subject: fileName) { n, c in
                    if n == 1 { key = c.text }
                    if n == 2 { text = c.text }
                }
                notes[key] = text
            }
            if number == 8 {
                var (domain, version) = ("", 0)
                try ProtobufReader.fields(content.message, subject: fileName) { n, c in
                    if n == 1 { domain = c.text }
                    if n == 2 { version = c.signed }
                }
                versions[domain] = max(version, versions[domain] ?? 0)
            }
        }
        guard let found, !found.nodes.isEmpty else { throw MatSieveError.input("\(fileName): no graph in it; it is no ONNX model") }
        (graph, self.versions, self.notes) = (found, versions, notes)
    }
}

extension ONNXDocument.Graph {
    init(_ bytes: ArraySlice<UInt8>, _ fileName: String, depth: Int) throws {
        guard depth < 8 else { throw MatSieveError.input("\(fileName): graphs nested too deeply; the ONNX file is damaged") }
        var graph = ONNXDocument.Graph()
        try ProtobufReader.fields(bytes, subject: fileName) { number, content in
            switch number {
            case 1: graph.nodes.append(try ONNXDocument.Node(content.message, fileName, depth: depth))
            case 5: graph.constants.append(try GraphTensor.named(content.message, fileName))
            case 11: graph.inputs.append(try ONNXDocument.Port(content.message, fileName))
            case 12: graph.outputs.append(try ONNXDocument.Port(content.message, fileName))
            case 15: throw MatSieveError.input("\(fileName): sparse constants are not supported; write the model without them")
            default: break
            }
        }
        self = graph
    }
}

extension ONNXDocument.Port {
    init(_ bytes: ArraySlice<UInt8>, _ fileName: String) throws {
        var port = ONNXDocument.Port()
        try ProtobufReader.fields(bytes, subject: fileName) { number, content in
            if number == 1 { port.name = content.text }
            guard number == 2 else { return }
            try ProtobufReader.fields(content.message, subject: fileName) { n, type in
                guard n == 1 else { return }
                try ProtobufReader.fields(type.message, subject: fileName) { n, c in
                    if n == 1 { port.kind = c.signed }
                    if n == 2 { port.shape = try Self.shape(c.message, fileName) }
                }
            }
        }
        self = port
    }

    private static func shape(_ bytes: ArraySlice<UInt8>, _ fileName: String) throws -> [Int] {
        var shape: [Int] = []
        try ProtobufReader.fields(bytes, subject: fileName) { number, dimension in
            guard number == 1 else { return }
            var length = -1
            try ProtobufReader.fields(dimension.message, subject: fileName) { n, c in if n == 1 { length = c.signed } }
            shape.append(length > 0 ? length : -1)
        }
        return shape
    }
}

extension ONNXDocument.Node {
    init(_ bytes: ArraySlice<UInt8>, _ fileName: String, depth: Int) throws {
        var node = ONNXDocument.Node()
        try ProtobufReader.fields(bytes, subject: fileName) { number, content in
            switch number {
            case 1: node.inputs.append(content.text)
            case 2: node.outputs.append(content.text)
            case 3: node.name = content.text
            case 4: node.type = content.text
            case 5:
                let (name, attribute) = try ONNXDocument.Attribute.named(content.message, fileName, depth: depth)
                node.attributes[name] = attribute
            case 7: node.domain = content.text == "ai.onnx" ? "" : content.text
            default: break
            }
        }
        self = node
    }
}

extension ONNXDocument.Attribute {
    static func named(_ bytes: ArraySlice<UInt8>, _ fileName: String, depth: Int) throws -> (String, Self) {
        var (name, attribute) = ("", ONNXDocument.Attribute())
        try ProtobufReader.fields(bytes, subject: fileName) { number, content in
            switch number {
            case 1: name = content.text
            case 2: attribute.number = content.floats.first
            case 3: attribute.integer = content.signed
            case 4: attribute.text = content.text
            case 5: attribute.tensor = try GraphTensor.named(content.message, fileName).tensor
            case 6: attribute.graph = try ONNXDocument.Graph(content.message, fileName, depth: depth + 1)
            case 7: attribute.numbers += content.floats
            case 8: attribute.integers += try content.integers(fileName)
            case 9: attribute.texts.append(content.text)
            default: break
            }
        }
        return (name, attribute)
    }
}

extension GraphTensor {
    /// A constant with its name.
    static func named(_ bytes: ArraySlice<UInt8>, _ fileName: String) throws -> (name: String, tensor: GraphTensor) {
        var (name, type, shape) = ("", 0, [Int]())
        var numbers: [Double] = []
        var texts: [String] = []
        var raw: ArraySlice<UInt8>?
        try ProtobufReader.fields(bytes, subject: fileName) { number, content in
            switch number {
            case 1: shape += try content.integers(fileName)
            case 2: type = content.signed
            case 4: numbers += content.floats
            case 5, 7: numbers += try content.integers(fileName).map { Double($0) }
            case 6: texts.append(content.text)
            case 8: name = content.text
            case 9: raw = content.message
            case 10: numbers += content.doubles
            case 13, 14:
                throw MatSieveError.input("\(fileName): constants in files of their own are not supported; write the model into one file")
            default: break
            }
        }
        guard let kind = Kind(rawValue: type) else {
            throw MatSieveError.input("\(fileName): constant '\(name)' has element type \(type), which is not supported")
        }
        if let raw { numbers = Self.numbers(raw, kind) }
        // Zero elements of a scalar shape stand for an empty list.
        guard let count = try? elementCount(shape), count == (kind == .text ? texts.count : numbers.count) else {
            throw MatSieveError.input("\(fileName): constant '\(name)' does not have the elements of its shape; the file is damaged")
        }
        return (name, kind == .text ? GraphTensor(texts: texts, shape) : GraphTensor(kind, shape, numbers))
    }

    private static func numbers(_ raw: ArraySlice<UInt8>, _ kind: Kind) -> [Double] {
        switch kind {
        case .float: littleEndian(raw, UInt32.self).map { Double(Float(bitPattern: $0)) }
        case .double: littleEndian(raw, UInt64.self).map { Double(bitPattern: $0) }
        case .int64: littleEndian(raw, UInt64.self).map { Double(Int64(bitPattern: $0)) }
        case .int32: littleEndian(raw, UInt32.self).map { Double(Int32(bitPattern: $0)) }
        case .int8: raw.map { Double(Int8(bitPattern: $0)) }
        case .uint8, .boolean: raw.map { Double($0) }
        case .text: []
        }
    }
}
