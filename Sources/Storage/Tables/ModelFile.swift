import MaterialsCore

/// A trained model on disk: its parameters and what is known of it.
///
/// HDF5: root attribute `matsieve_model` (version 3), the texts of `attributes` as root attributes, and one dataset an entry
/// below `/parameters` (`/` in a name makes a group). Doubles are f64, integers i64, bytes u8, strings UTF-8 of fixed length.
/// It holds no time and no host: equal models give equal bytes. A `FileSeal` stands behind it.
public struct ModelFile: Equatable, Sendable {
    static let versionAttribute = "matsieve_model"
    static let version = 3

    /// All that the model needs to be made again.
    public var parameters: ParameterArchive
    /// Texts by name: kind of model, target, unit, settings, …; `matsieve_model` is taken.
    public var attributes: [String: String]

    /// A model to write.
    public init(parameters: ParameterArchive, attributes: [String: String]) {
        (self.parameters, self.attributes) = (parameters, attributes)
    }

    /// Reads a model file.
    ///
    /// - Errors: `.input`, one line, where the file is missing, not HDF5, of another kind, of a newer version, truncated or damaged.
    public init(path: String) throws {
        let file = try HDF5File.open(path)
        let own = file.root.attributes
        try checkFormatVersion(own, attribute: Self.versionAttribute, known: Self.version, kind: "a model", path: path)
        guard own.integer(Self.versionAttribute) == Self.version else {
            throw MatSieveError.input("\(path): is a model of an older version; train it anew")
        }
        guard file.isSealed else { throw MatSieveError.input("\(path): is truncated or damaged; copy or make it again") }
        attributes = [:]
        for name in own.names() where name != Self.versionAttribute {
            guard let text = own.string(name) else {
                throw MatSieveError.input("\(path): attribute \(name) is not a text; it is damaged, copy or make it again")
            }
            attributes[name] = text
        }
        parameters = ParameterArchive()
        try Self.read(file.root.group("parameters"), prefix: "", depth: 0, into: &parameters)
    }

    /// Writes a model file; it appears under `path` when whole.
    ///
    /// - Errors: as `PendingFile`; `.usage` for names that cannot stand beside each other (`a` and `a/b`).
    public func write(to path: String) throws {
        let output = try HDF5Output(path: path)
        try write(into: output.file.root)
        try output.commit(sealed: true)
    }

    private func write(into root: HDF5Group) throws {
        try root.attributes.set(Self.versionAttribute, Self.version)
        for name in attributes.keys.sorted() { try root.attributes.set(name, attributes[name]!) }
        let group = try root.createGroup("parameters")
        for name in parameters.entries.keys.sorted() { try Self.write(parameters.entries[name]!, name, into: group) }
    }
}

extension ModelFile {
    /// Elements from which a dataset is compressed, and elements a chunk.
    private static let compressedCount = 1 << 10
    private static let chunkCount = 1 << 16

    private static func write(_ entry: ParameterArchive.Entry, _ name: String, into top: HDF5Group) throws {
        var group = top
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for part in parts.dropLast() {
            let link = LinkName.encode(part)
            guard group.isGroup(link) != false else {
                throw MatSieveError.usage("\(group.path): parameter '\(name)' lies below another one")
            }
            group = try group.contains(link) ? group.group(link) : group.createGroup(link)
        }
        let link = LinkName.encode(parts.last!)
        guard !group.contains(link) else { throw MatSieveError.usage("\(group.path): parameter '\(name)' has others below it") }
        switch entry {
        case .doubles(let values, let shape): try write(values, shape, link, group)
        case .integers(let values, let shape): try write(values, shape, link, group)
        case .bytes(let values): try write(values, [values.count], link, group)
        case .strings(let values): try group.writeStrings(values, as: link, shape: [values.count])
        case .string(let value): try group.writeStrings([value], as: link, shape: [])
        }
    }

    private static func write<T: HDF5Element>(_ values: [T], _ shape: [Int], _ link: String, _ group: HDF5Group) throws {
        precondition(shape.reduce(1, *) == values.count, "a shape that does not fit the values")
        let isLarge = values.count >= compressedCount && !shape.isEmpty
        let rowCount = shape.dropFirst().reduce(1, *)
        let chunk = isLarge ? [max(1, min(shape[0], chunkCount / rowCount))] + shape.dropFirst() : nil
        try group.createDataset(link, type: T.elementType, shape: shape, chunk: chunk).write(values)
    }

    private static func read(_ group: HDF5Group, prefix: String, depth: Int, into archive: inout ParameterArchive) throws {
        guard depth < 64 else { throw MatSieveError.input("\(group.path): groups nest without end; it is damaged, copy or make it again") }
        for link in try group.childNames().sorted() {
            let name = prefix + decoded(link)
            if group.isGroup(link) == true {
                try read(group.group(link), prefix: name + "/", depth: depth + 1, into: &archive)
            } else {
                archive[name] = try entry(group.dataset(link))
            }
        }
    }

    private static func entry(_ dataset: HDF5Dataset) throws -> ParameterArchive.Entry {
        switch dataset.kind {
        case .float: return .doubles(try dataset.read(), shape: dataset.shape)
        case .signed: return .integers(try dataset.read(), shape: dataset.shape)
        case .unsigned: return .bytes(try dataset.read())
        case .string:
            let strings = try dataset.readStrings()
            return dataset.shape.isEmpty && strings.count == 1 ? .string(strings[0]) : .strings(strings)
        case .other: throw dataset.damaged("holds values of an unknown type")
        }
    }

    /// Undoes `LinkName.encode`; parameter names carry no mark.
    private static func decoded(_ link: String) -> String {
        if link == "%" { return "" }
        return link.replacing("%2E", with: ".").replacing("%2F", with: "/").replacing("%00", with: "\0").replacing("%25", with: "%")
    }
}
