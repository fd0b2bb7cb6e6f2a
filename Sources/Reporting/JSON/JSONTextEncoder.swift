import MaterialsCore

/// Turns any `Encodable` value into JSON text that is the same bytes every time: members in the order in which the type
/// encodes them under snake_case names, dictionaries by key, numbers by `numberText`.
///
/// (The encoder that Foundation ships sorts all keys or none and writes numbers in its own way.)
struct JSONTextEncoder {
    /// The text, with a newline at its end.
    static func text(_ value: some Encodable) throws -> String {
        var out = ""
        try jsonValue(value, path: []).write(to: &out)
        return out + "\n"
    }
}

/// A dictionary with text keys, whose own order is random.
private protocol TextKeyed {}
extension Dictionary: TextKeyed where Key == String {}

private func jsonValue(_ value: some Encodable, path: [any CodingKey]) throws -> JSONValue {
    if let d = value as? Double { return JSONValue(d) }
    let node = JSONNode(path: path, keepsNames: value is any TextKeyed)
    try value.encode(to: node)
    let json = node.value
    if node.keepsNames, case .object(let members) = json { return .object(members.sorted { $0.key < $1.key }) }
    return json
}

/// `dataClass` becomes `data_class`.
private func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { out, c in out += c.isUppercase ? "_" + c.lowercased() : String(c) }
}

/// Collects what one value encodes.
private final class JSONNode: Encoder {
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private var scalar: JSONValue = .null
    fileprivate var members: [(key: String, value: () -> JSONValue)]?
    fileprivate var items: [() -> JSONValue]?

    /// Names in a dictionary are the user's; those of members are ours.
    let keepsNames: Bool

    init(path: [any CodingKey], keepsNames: Bool = false) { (codingPath, self.keepsNames) = (path, keepsNames) }

    var value: JSONValue {
        if let members { return .object(members.map { ($0.key, $0.value()) }) }
        if let items { return .array(items.map { $0() }) }
        return scalar
    }

    fileprivate func set(_ value: JSONValue) { scalar = value }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        members = members ?? []
        return KeyedEncodingContainer(JSONMembers<Key>(node: self))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        items = items ?? []
        return JSONItems(node: self)
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { JSONScalar(node: self) }
}

private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: JSONNode
    var codingPath: [any CodingKey] { node.codingPath }

    private func child(_ key: some CodingKey) -> JSONNode {
        let child = JSONNode(path: codingPath + [key])
        node.members?.append((name(key), { child.value }))
        return child
    }
    private func add(_ key: Key, _ value: JSONValue) { node.members?.append((name(key), { value })) }
    private func name(_ key: some CodingKey) -> String { node.keepsNames ? key.stringValue : snakeCase(key.stringValue) }

    mutating func encodeNil(forKey key: Key) { add(key, .null) }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws { add(key, try jsonValue(value, path: codingPath + [key])) }
    /// A missing value is written, so that every object of a kind has the same members.
    mutating func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws { add(key, value.map { JSONValue($0) } ?? .null) }
    mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws { add(key, value.map { .text($0) } ?? .null) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        child(key).container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { node }
    mutating func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

private struct JSONItems: UnkeyedEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { node.codingPath }
    var count: Int { node.items?.count ?? 0 }

    private func child() -> JSONNode {
        let child = JSONNode(path: codingPath)
        node.items?.append { child.value }
        return child
    }

    mutating func encodeNil() { node.items?.append { .null } }
    mutating func encode<T: Encodable>(_ value: T) throws {
        let json = try jsonValue(value, path: codingPath)
        node.items?.append { json }
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        child().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { child() }
}

private struct JSONScalar: SingleValueEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { node.codingPath }

    mutating func encodeNil() { node.set(.null) }
    mutating func encode(_ value: Bool) { node.set(.boolean(value)) }
    mutating func encode(_ value: String) { node.set(.text(value)) }
    mutating func encode(_ value: Double) { node.set(JSONValue(value)) }
    mutating func encode(_ value: Float) { node.set(JSONValue(Double(value))) }
    mutating func encode<T: Encodable & BinaryInteger>(_ value: T) { node.set(.number(String(value))) }
    mutating func encode<T: Encodable>(_ value: T) throws {
        if let integer = value as? any BinaryInteger {
            node.set(.number(String(describing: integer)))
        } else {
            node.set(try jsonValue(value, path: codingPath))
        }
    }
}
