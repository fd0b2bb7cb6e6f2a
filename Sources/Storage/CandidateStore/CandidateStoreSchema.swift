import MaterialsCore

/// Names and numbers of the candidate store, version 1.
///
/// Texts are two datasets: `offset` (rows + 1 positions, u64) and `bytes` (UTF-8, one text after the other):
/// `/id/offset`, `/id/bytes`, `/text/<name>/offset`, `/text/<name>/bytes`.
/// A column's name that HDF5 cannot hold (with `/`, for one) is percent-encoded and repeated in the attribute `name`.
enum CandidateStoreSchema {
    static let versionAttribute = "matsieve_schema"
    static let version = 1
    static let hashAttribute = "content_sha256"
    /// Rows a chunk; a multiple of the grid.
    static let rowsPerChunk = 8 * CandidateGrid.batchSize
    /// Elements a chunk of bytes and of things there are several of in a row.
    static let bytesPerChunk = 1 << 16
    static let partsPerChunk = 1 << 15
}

/// The names that columns have in a file.
enum LinkName {
    /// A name that HDF5 can hold; `name` itself where it can.
    static func encode(_ name: String) -> String {
        if name.isEmpty { return "%" }
        if name == "." { return "%2E" }
        return name.replacing("%", with: "%25").replacing("/", with: "%2F").replacing("\0", with: "%00")
    }

    /// Writes the true name beside an encoded one.
    static func mark(_ attributes: HDF5Attributes, _ name: String) throws {
        if encode(name) != name { try attributes.set("name", name.replacing("\0", with: "\u{FFFD}")) }
    }

    /// The true name of a link.
    static func decode(_ link: String, _ attributes: HDF5Attributes) -> String { attributes.string("name") ?? link }
}

/// What a store says of itself beside its values.
public struct StoreDescription: Equatable, Sendable {
    /// What it is, in words.
    public var title: String?
    /// Where it comes from.
    public var source: String?
    /// Licence, as stated by the source.
    public var license: String?
    /// Who may see it; the strictest class of its columns is taken where that is stricter.
    public var dataClass: DataClass
    /// The program that wrote it.
    public var createdBy: String

    /// Describes a store.
    public init(
        title: String? = nil, source: String? = nil, license: String? = nil, dataClass: DataClass = .open, createdBy: String = "MatSieve"
    ) {
        (self.title, self.source, self.license) = (title, source, license)
        (self.dataClass, self.createdBy) = (dataClass, createdBy)
    }
}
