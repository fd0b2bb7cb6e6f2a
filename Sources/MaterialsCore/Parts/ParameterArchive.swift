/// Named arrays and scalars that make up a trained model; `Storage` writes them to HDF5.
///
/// Order does not matter: files list names in sorted order, so equal archives give equal bytes.
public struct ParameterArchive: Equatable, Sendable {
    /// One stored thing.
    public enum Entry: Equatable, Sendable {
        /// Array of `shape` (row-major).
        case doubles([Double], shape: [Int])
        /// Array of `shape` (row-major).
        case integers([Int64], shape: [Int])
        /// Bytes, such as bin codes.
        case bytes([UInt8])
        /// Strings, such as feature names.
        case strings([String])
        /// A single string.
        case string(String)
    }

    /// The entries by name; `/` in a name makes a group.
    public var entries: [String: Entry]

    /// An archive of the given entries.
    public init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    /// Any entry, for writing or optional reading.
    public subscript(name: String) -> Entry? {
        get { entries[name] }
        set { entries[name] = newValue }
    }

    /// The archive below `prefix/`, names without it.
    public func group(_ prefix: String) -> ParameterArchive {
        var result = ParameterArchive()
        for (name, entry) in entries where name.hasPrefix(prefix + "/") {
            result.entries[String(name.dropFirst(prefix.count + 1))] = entry
        }
        return result
    }

    /// Adds all entries of `other` below `prefix/`.
    public mutating func merge(_ other: ParameterArchive, under prefix: String) {
        for (name, entry) in other.entries { entries[prefix + "/" + name] = entry }
    }

    /// Doubles by name, of the expected count where given.
    public func doubles(_ name: String, count: Int? = nil) throws -> [Double] {
        guard case .doubles(let v, _)? = entries[name] else { throw Self.missing(name, "numbers") }
        if let count, v.count != count {
            throw MatSieveError.input("model file: '\(name)' has \(v.count) values instead of \(count); train it anew")
        }
        return v
    }

    /// Integers by name, of the expected count where given.
    public func integers(_ name: String, count: Int? = nil) throws -> [Int64] {
        guard case .integers(let v, _)? = entries[name] else { throw Self.missing(name, "integers") }
        if let count, v.count != count {
            throw MatSieveError.input("model file: '\(name)' has \(v.count) values instead of \(count); train it anew")
        }
        return v
    }

    /// A single number by name.
    public func double(_ name: String) throws -> Double { try doubles(name, count: 1)[0] }
    /// A single integer by name.
    public func integer(_ name: String) throws -> Int { Int(try integers(name, count: 1)[0]) }

    /// Bytes by name.
    public func bytes(_ name: String) throws -> [UInt8] {
        guard case .bytes(let v)? = entries[name] else { throw Self.missing(name, "bytes") }
        return v
    }

    /// Strings by name.
    public func strings(_ name: String) throws -> [String] {
        guard case .strings(let v)? = entries[name] else { throw Self.missing(name, "strings") }
        return v
    }

    /// A single string by name.
    public func string(_ name: String) throws -> String {
        guard case .string(let v)? = entries[name] else { throw Self.missing(name, "a string") }
        return v
    }

    private static func missing(_ name: String, _ what: String) -> MatSieveError {
        .input("model file: \(what) '\(name)' missing; it is damaged or from another version, train it anew")
    }
}
