import MaterialsCore

extension JSONDocument {
    /// A value of the document.
    struct Value {
        /// Its node.
        let index: Int
    }

    /// The whole.
    var root: Value { Value(index: 0) }

    /// What a value is.
    func kind(_ value: Value) -> Kind { nodes[value.index].kind }

    /// The node that follows a value and all that it holds.
    func behind(_ value: Value) -> Int { Int(nodes[value.index].next) }

    /// The first member of an object with that name; nil where there is none, where it is null, or where the value is no object.
    func member(_ object: Value, _ name: StaticString) -> Value? {
        guard nodes[object.index].kind == .object else { return nil }
        let end = Int(nodes[object.index].next)
        var i = object.index + 1
        let text = bytes.span
        while i < end {
            let value = i + 1
            if JSONBytes.equal(text, range(nodes[i]), name) { return nodes[value].kind == .null ? nil : Value(index: value) }
            i = Int(nodes[value].next)
        }
        return nil
    }

    /// Names and values of an object, in the order of the text; nothing where the value is none.
    func members(_ object: Value) -> Members {
        let isObject = nodes[object.index].kind == .object
        return Members(document: self, at: object.index + 1, end: isObject ? Int(nodes[object.index].next) : 0)
    }

    /// Elements of an array; nothing where the value is none.
    func elements(_ array: Value) -> Elements {
        let isArray = nodes[array.index].kind == .array
        return Elements(document: self, at: array.index + 1, end: isArray ? Int(nodes[array.index].next) : 0)
    }

    /// A number, which may not be finite; nil where the value is none.
    func number(_ value: Value) -> Double? {
        let node = nodes[value.index]
        guard node.kind == .number else { return nil }
        return Self.number(bytes.span.extracting(range(node)))
    }

    /// The text of a string; nil where the value is none.
    func string(_ value: Value) -> String? {
        guard nodes[value.index].kind == .string else { return nil }
        return String(decoding: stringBytes(value), as: UTF8.self)
    }

    /// UTF-8 of a string, escapes resolved.
    func stringBytes(_ value: Value) -> [UInt8] {
        let node = nodes[value.index]
        if node.isPlain { return Array(bytes[range(node)]) }
        return JSONBytes.unescaped(bytes.span, range(node))
    }

    /// A value for messages.
    func shown(_ value: Value) -> String {
        let text = kind(value) == .string ? stringBytes(value) : TextBytes.array(bytes.span.extracting(range(value)))
        return TextBytes.clipped(text.span)
    }

    /// True where a string without escapes is that word.
    func equals(_ value: Value, _ word: StaticString) -> Bool {
        let node = nodes[value.index]
        return node.kind == .string && JSONBytes.equal(bytes.span, range(node), word)
    }

    /// Where a value stands in the text; of strings what is between the quotes.
    func range(_ value: Value) -> Range<Int> { range(nodes[value.index]) }

    private func range(_ node: Node) -> Range<Int> { Int(node.start)..<Int(node.end) }

    /// Longest number that is read; longer ones serve to keep the reader busy.
    private static let longestNumber = 800

    private static func number(_ text: Span<UInt8>) -> Double? {
        switch text[text.count - 1] {
        case UInt8(ascii: "N"): return .nan
        case UInt8(ascii: "y"): return text[0] == UInt8(ascii: "-") ? -.infinity : .infinity
        default: break
        }
        guard text.count <= longestNumber else { return nil }
        if case .number(let number) = DecimalNumber.read(text) { return number }
        return nil
    }

    /// Members of an object.
    struct Members: Sequence, IteratorProtocol {
        fileprivate let document: JSONDocument
        fileprivate var at: Int
        fileprivate let end: Int

        mutating func next() -> (name: Value, value: Value)? {
            guard at < end else { return nil }
            let name = at
            at = Int(document.nodes[name + 1].next)
            return (Value(index: name), Value(index: name + 1))
        }
    }

    /// Elements of an array.
    struct Elements: Sequence, IteratorProtocol {
        fileprivate let document: JSONDocument
        fileprivate var at: Int
        fileprivate let end: Int

        mutating func next() -> Value? {
            guard at < end else { return nil }
            defer { at = Int(document.nodes[at].next) }
            return Value(index: at)
        }
    }
}
