import MaterialsCore

/// An array of numbers or texts, row-major. Numbers are kept as doubles, rounded to their kind.
struct GraphTensor: Sendable {
    /// Kinds of elements, by ONNX's own numbers.
    enum Kind: Int {
        case float = 1
        case uint8 = 2
        case int8 = 3
        case int32 = 6
        case int64 = 7
        case text = 8
        case boolean = 9
        case double = 11
    }

    var kind: Kind
    var shape: [Int]
    var values: [Double] = []
    var texts: [String] = []

    init(_ kind: Kind, _ shape: [Int], _ values: [Double]) { (self.kind, self.shape, self.values) = (kind, shape, values) }

    init(texts: [String], _ shape: [Int]) { (kind, self.shape, self.texts) = (.text, shape, texts) }

    var count: Int { kind == .text ? texts.count : values.count }

    /// Length of the last axis; 1 of a scalar.
    var width: Int { shape.last ?? 1 }
    /// Elements before the last axis.
    var rows: Int { width == 0 ? 0 : count / width }

    /// A number as a tensor of a kind keeps it.
    @inline(__always)
    static func rounded(_ value: Double, _ kind: Kind) -> Double { kind == .float ? Double(Float(value)) : value }

    /// The elements at some places.
    func gathering(_ places: [Int], shape: [Int]) -> GraphTensor {
        kind == .text ? GraphTensor(texts: places.map { texts[$0] }, shape) : GraphTensor(kind, shape, places.map { values[$0] })
    }

    /// The same elements in another shape.
    func reshaped(_ shape: [Int]) -> GraphTensor {
        var result = self
        result.shape = shape
        return result
    }

    /// Elements as whole numbers.
    func integers() throws -> [Int] {
        guard kind != .text else { throw GraphError("texts instead of numbers") }
        return try values.map { value in
            guard let whole = Int(exactly: value) else { throw GraphError("a number that is not whole") }
            return whole
        }
    }
}

/// What an operator cannot do; the graph adds its name and the file.
struct GraphError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Number of elements of a shape.
/// - Throws: where it is negative or more than a model can need.
func elementCount(_ shape: [Int]) throws -> Int {
    var count = 1
    for length in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: length)
        guard length >= 0, !overflow, product <= 1 << 26 else { throw GraphError("a shape of \(shape)") }
        count = product
    }
    return count
}

/// An axis counted from the front.
func frontAxis(_ axis: Int, rank: Int) throws -> Int {
    let front = axis < 0 ? axis + rank : axis
    guard front >= 0, front < max(rank, 1) else { throw GraphError("axis \(axis) of \(rank)") }
    return front
}
