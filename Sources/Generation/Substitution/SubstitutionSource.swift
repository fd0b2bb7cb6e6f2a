import MaterialsCore

/// Known structures with ions replaced by others of the same charge, on all positions or site by site.
///
/// A position is (prototype, way to replace): prototype × number of ways + way, so that it starts where the prototypes can. Ways that do
/// not fit a prototype are not candidates: kept ones are sparse.
///
/// - Output: crystals; ids are the prototype's with what was replaced, `p17:Pb2+=Sn2+`; the columns `prototype`, `replaced` and
///   `volume_ratio` where they are asked for.
/// - Scope: a prototype that cannot be used (unreadable, no structure, no neutral charges) is one rejection.
public struct SubstitutionSource: CandidateSource {
    private let prototypes: any CandidateSource
    private let rules: SubstitutionRules
    private let space: ReplacementSpace
    private let assignment: ChargeAssignment
    private let sites: (any SitePartition)?
    /// Columns that its batches carry.
    public let schema: CandidateSchema

    /// Columns that it can carry: text, text, number.
    public static let columnNames = ["prototype", "replaced", "volume_ratio"]

    /// - Parameters:
    ///   - prototypes: a source whose batches carry structures
    ///   - sites: tells sites apart, for rules that do
    ///   - schema: columns of `columnNames` to carry, and whether structures are
    public init(
        prototypes: any CandidateSource, rules: SubstitutionRules, sites: (any SitePartition)? = nil, schema: CandidateSchema
    ) throws {
        precondition(rules.sites == .all || sites != nil, "rules that tell sites apart need something that finds them")
        guard let space = ReplacementSpace(options: rules.slotOptions, atOnce: rules.atOnce, includesNone: rules.includesPrototypes) else {
            throw MatSieveError.usage(
                "substitute: too many ways to replace ions in a prototype (over 2^48, or a million choices of places); lower at_once or list fewer ions"
            )
        }
        (self.prototypes, self.rules, self.space, self.sites, self.schema) = (prototypes, rules, space, sites, schema)
        assignment = ChargeAssignment(rules.oxidationStates, test: ElectronegativityTest())
    }

    /// Ways to replace ions in a prototype, most of which fit only some.
    public static func ways(_ rules: SubstitutionRules) -> Int? {
        ReplacementSpace(options: rules.slotOptions, atOnce: rules.atOnce, includesNone: rules.includesPrototypes)?.count
    }

    /// Prototypes × ways to replace ions in one.
    public func positionCount() throws -> Int {
        let (count, overflow) = try prototypes.positionCount().multipliedReportingOverflow(by: space.count)
        guard !overflow, count <= EnumerationSource.largestCount else { throw tooLarge }
        return count
    }

    private var tooLarge: MatSieveError {
        .usage(
            "substitute: \(space.count) ways to replace ions in each prototype are more than can be numbered; lower at_once or list fewer elements"
        )
    }

    /// As the prototypes.
    public var isAddressable: Bool { prototypes.isAddressable }
    /// As the prototypes.
    public var provenance: SourceProvenance { prototypes.provenance }
    /// As the prototypes.
    public var notes: [String] { prototypes.notes }

    /// SHA-256 of the prototypes and the rules.
    public func contentHash() throws -> String {
        var hash = SHA256()
        hash.update("substitution 1")
        hash.update(try prototypes.contentHash())
        hash.update(rules.canonicalText)
        return hash.finalize()
    }

    /// Reads `positions`, whose lower bound lies on the grid.
    public func reader(positions: Range<Int>) throws -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        let size = CandidateGrid.batchSize
        let first = positions.lowerBound / space.count / size * size
        let end = (positions.upperBound + space.count - 1) / space.count
        return Reader(self, try prototypes.reader(positions: first..<max(end, first)), positions)
    }

    /// Gives out the prototypes of a piece of its source a few at a time, in pieces that begin on the grid.
    private final class Reader: CandidateReader {
        private let source: SubstitutionSource
        private let prototypes: any CandidateReader
        private var left: Range<Int>
        private var batches: [CandidateBatch] = []
        /// Where what `batches` holds ends.
        private var end = 0

        init(_ source: SubstitutionSource, _ prototypes: any CandidateReader, _ positions: Range<Int>) {
            (self.source, self.prototypes, left) = (source, prototypes, positions)
        }

        func next() throws -> PendingBatches? {
            if left.isEmpty { return nil }
            while end <= left.lowerBound {
                guard let pending = try prototypes.next() else { return nil }
                let (last, overflow) = pending.positions.upperBound.multipliedReportingOverflow(by: source.space.count)
                guard !overflow, last <= EnumerationSource.largestCount else { throw source.tooLarge }
                (batches, end) = (try pending.decode(), last)
            }
            let piece = left.lowerBound..<min(left.lowerBound + source.pieceSize, end, left.upperBound)
            left = piece.upperBound..<left.upperBound
            return PendingBatches(positions: piece) { [source, batches] in source.batches(piece, of: batches) }
        }
    }

    /// Positions of a piece: a few prototypes, on the grid.
    private var pieceSize: Int {
        let size = CandidateGrid.batchSize
        return (4 * space.count + size - 1) / size * size
    }

    private func place(_ prototype: Int) -> Int { prototype * space.count }

    /// The candidates of some positions; `prototypes` holds those that they come from.
    private func batches(_ range: Range<Int>, of prototypes: [CandidateBatch]) -> [CandidateBatch] {
        var result = [CandidateBatch(schema: schema)]
        for batch in prototypes {
            // Rows and rejections in the order of their positions.
            var rejected = batch.rejections.sorted { $0.index < $1.index }[...]
            func passRejections(before position: Int) {
                while let r = rejected.first, r.index.position < position {
                    rejected.removeFirst()
                    reject(r.index.position, id: r.id, r.defect, stage: r.stage, range, in: &result)
                }
            }
            for row in 0..<batch.count {
                let number = batch.indices[row].position
                passRejections(before: number)
                guard place(number) < range.upperBound, place(number + 1) > range.lowerBound else { continue }
                guard rules.concern(batch.composition(row)) else { continue }
                do throws(CandidateDefect) {
                    guard let structure = batch.structures?[row] else {
                        throw CandidateDefect("no-structure", "a prototype needs a structure")
                    }
                    let prototype = try Prototype(structure, rules: rules, assignment: assignment, sites: sites)
                    append(prototype, id: batch.ids[row], first: place(number), range, to: &result)
                } catch {
                    reject(number, id: batch.ids[row], error, stage: .read, range, in: &result)
                }
            }
            passRejections(before: .max)
        }
        return result
    }

    /// A prototype that cannot be used is counted at its first position.
    private func reject(
        _ prototype: Int, id: String, _ defect: CandidateDefect, stage: RejectionStage, _ range: Range<Int>,
        in batches: inout [CandidateBatch]
    ) {
        guard range.contains(place(prototype)) else { return }
        let index = CandidateIndex(source: 0, position: place(prototype))
        batches[batches.count - 1].rejections.append(Rejection(index: index, id: id, stage: stage, defect: defect))
    }

    private func append(_ prototype: Prototype, id: String, first: Int, _ range: Range<Int>, to batches: inout [CandidateBatch]) {
        let slots = prototype.slots(rules)
        for way in space.ways(allowed: slots.map(\.options)) where range.contains(first + way.number) {
            let index = CandidateIndex(source: 0, position: first + way.number)
            let replacements = way.choices.map { (place: slots[$0.slot].place!, by: element(slot: $0.slot, option: $0.option)) }
            let text = replacements.map { describe($0.place, $0.by, prototype) }.joined(separator: " ")
            let label = text.isEmpty ? id : id + ":" + text.replacing(" ", with: ",")
            if batches[batches.count - 1].count == CandidateGrid.batchSize { batches.append(CandidateBatch(schema: schema)) }
            do throws(CandidateDefect) {
                guard let (structure, ratio) = try prototype.replacing(replacements, rules: rules) else { continue }
                batches[batches.count - 1].append(
                    index: index, id: label.utf8, composition: structure.composition,
                    numeric: schema.numeric.map { $0.name == "volume_ratio" ? ratio : .nan },
                    text: schema.text.map { $0.name == "prototype" ? id : $0.name == "replaced" ? text : "" },
                    structure: schema.hasStructures ? structure : nil)
            } catch {
                batches[batches.count - 1].rejections.append(Rejection(index: index, id: label, stage: .read, defect: error))
            }
        }
    }

    private func element(slot: Int, option: Int) -> Element {
        switch rules.choice {
        case .listed(let lists): lists[slot / rules.sites.most].by[option].element
        case .similar(let s): s.elements[option]
        }
    }

    /// `Pb2+=Sn2+`, or `Fe2+(8a)=Zn2+` where iron has other sites too.
    private func describe(_ place: Int, _ by: Element, _ prototype: Prototype) -> String {
        let charge = prototype.charges?[place] ?? 0
        let name = prototype.places.names[place]
        let own = ionText(prototype.places.elements[place], charge: charge) + (name.isEmpty ? "" : "(\(name))")
        return own + "=" + ionText(by, charge: charge)
    }
}
