import MaterialsCore

/// Prototypes held in memory, in batches on the grid; one without a structure where it is nil.
struct Prototypes: CandidateSource {
    var structures: [CrystalStructure?]
    var schema: CandidateSchema { CandidateSchema(hasStructures: true) }
    var isAddressable: Bool { true }
    var provenance: SourceProvenance { SourceProvenance(path: "memory") }
    func positionCount() -> Int { structures.count }
    func contentHash() -> String { "\(structures.hashValue)" }

    func reader(positions: Range<Int>) -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        return Reader(structures: structures, left: positions.clamped(to: 0..<structures.count), schema: schema)
    }

    private final class Reader: CandidateReader {
        let structures: [CrystalStructure?]
        var left: Range<Int>
        let schema: CandidateSchema

        init(structures: [CrystalStructure?], left: Range<Int>, schema: CandidateSchema) {
            (self.structures, self.left, self.schema) = (structures, left, schema)
        }

        func next() -> PendingBatches? {
            if left.isEmpty { return nil }
            let piece = left.prefix(CandidateGrid.batchSize)
            left = piece.upperBound..<left.upperBound
            return PendingBatches(positions: piece) { [structures, schema] in
                var batch = CandidateBatch(schema: schema)
                for i in piece {
                    let composition = structures[i]?.composition ?? Composition(sortedAtomicNumbers: [22], amounts: [1])
                    batch.append(
                        index: CandidateIndex(source: 0, position: i), id: "p\(i)".utf8, composition: composition, structure: structures[i])
                }
                return [batch]
            }
        }
    }
}
