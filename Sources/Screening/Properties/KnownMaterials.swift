import Matching
import MaterialsCore

/// A set of materials that are known already.
///
/// By composition two are one where their atom fractions agree; by structure where moreover `StructureMatch` finds them equal within its
/// default tolerances, as `matsieve dedupe` does.
///
/// - Cost: by composition 8 bytes a material; by structure the primitive cells, and a comparison with each of the candidate's composition
struct KnownMaterials: Sendable {
    private let compositions: CompositionKeySet
    private let crystals: [UInt64: [ReducedCrystal]]
    private let identity: MaterialIdentity
    /// What people should mind of the set.
    let notes: [String]

    /// Reads a source through.
    init(_ source: any CandidateSource, by identity: MaterialIdentity, workers: Workers) throws {
        self.identity = identity
        var keys: [UInt64] = []
        var crystals: [UInt64: [ReducedCrystal]] = [:]
        var tally = ReadTally()
        try source.forEachBatch(
            workers, transform: { Self.reduced($0, by: identity) },
            commit: { batch, found in
                tally.add(batch)
                keys += found.map(\.key)
                for f in found { if let c = f.crystal { crystals[f.key, default: []].append(c) } }
            })
        try tally.requireUsable(source.provenance.path)
        compositions = CompositionKeySet(keys)
        let path = source.provenance.path
        let left = tally.rejections.first.map {
            "\(path): \(tally.rejected) materials can't be compared with; the first: \($0.defect.detail)"
        }
        (self.crystals, notes) = (crystals, tally.notes + (left.map { [$0] } ?? []))
    }

    private static func reduced(
        _ batch: CandidateBatch, by identity: MaterialIdentity
    ) -> (CandidateBatch, [(key: UInt64, crystal: ReducedCrystal?)]) {
        batch.usable(.read) { row throws(CandidateDefect) in
            (
                key: compositionKey(batch.composition(row)),
                crystal: identity == .structure ? try ReducedCrystal(batch.structure(row)) : nil
            )
        }
    }

    /// True where the set holds the candidate.
    /// - Errors: by structure, those of `ReducedCrystal`, and `no-structure`
    func contains(_ composition: Composition, _ structure: CrystalStructure?) throws(CandidateDefect) -> Bool {
        let key = compositionKey(composition)
        guard identity == .structure else { return compositions.contains(key) }
        guard let structure else { throw .noStructure }
        let crystal = try ReducedCrystal(structure)
        for other in crystals[key] ?? [] where StructureMatch.find(other, crystal, tolerances: MatchTolerances()) != nil { return true }
        return false
    }
}
