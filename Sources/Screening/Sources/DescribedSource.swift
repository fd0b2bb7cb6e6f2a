import MaterialsCore

/// A source with what the plan says of its rights; a store's own word is only ever made stricter.
struct DescribedSource: CandidateSource {
    let base: any CandidateSource
    let path: String
    let dataClass: DataClass?
    let license: String?
    let origin: String?

    var schema: CandidateSchema { base.schema }
    var isAddressable: Bool { base.isAddressable }
    func positionCount() throws -> Int { try base.positionCount() }
    func reader(positions: Range<Int>) throws -> any CandidateReader { try base.reader(positions: positions) }
    var notes: [String] { base.notes }
    func contentHash() throws -> String { try base.contentHash() }

    var provenance: SourceProvenance {
        let own = base.provenance
        return SourceProvenance(
            path: path, dataClass: max(own.dataClass, dataClass ?? .open), license: license ?? own.license, source: origin ?? own.source)
    }
}
