import Foundation
import Matching
import MaterialsCore
import Storage

/// `matsieve dedupe`: finds structures that are equal within tolerances.
///
/// - Cost: all structures in memory, reduced to their primitive cells (about 50 bytes an atom)
public struct StructureDeduplication: Sendable {
    /// What came out.
    public struct Outcome: Sendable {
        /// Structures compared.
        public var compared = 0
        /// Structures left when every group counts once.
        public var unique = 0
        /// Candidates that could not be used.
        public var rejected = 0
        /// The first 100,000 of them.
        public var rejections: [Rejection] = []
        /// What people should mind of the input.
        public var notes: [String] = []
        /// Wall time.
        public var seconds = 0.0
    }

    /// Where the candidates are.
    public var input: String
    /// `.h5`: the first of each group as a candidate store; `.csv`: the group of every candidate.
    public var output: String
    /// Format of the input, where its name does not say.
    public var format: String?
    /// Columns that say what a row is.
    public var keys: KeyColumns
    private let tolerances: MatchTolerances
    /// Threads, and the request to stop.
    public var workers: Workers

    /// A search for duplicates.
    /// - Parameters:
    ///   - lengthTolerance: relative difference of lattice vectors' lengths
    ///   - angleTolerance: difference of lattice angles, degrees
    ///   - siteTolerance: largest displacement of a site in units of (volume per site)^⅓
    ///   - scalesVolume: true where volumes are made equal before comparing
    /// - Errors: usage errors for tolerances that make no sense
    public init(
        input: String, output: String, format: String? = nil, keys: KeyColumns = KeyColumns(), lengthTolerance: Double = 0.2,
        angleTolerance: Double = 5, siteTolerance: Double = 0.3, scalesVolume: Bool = true, workers: Workers
    ) throws {
        for (name, value, most) in [
            ("--length-tolerance", lengthTolerance, 0.5), ("--angle-tolerance", angleTolerance, 30), ("--site-tolerance", siteTolerance, 1),
        ] where !(value > 0 && value <= most) {
            throw MatSieveError.usage("\(name) \(value): give a number above 0, at most \(most)")
        }
        (self.input, self.output, self.format, self.keys, self.workers) = (input, output, format, keys, workers)
        tolerances = MatchTolerances(
            length: lengthTolerance, angleDegrees: angleTolerance, site: siteTolerance, scalesVolume: scalesVolume)
    }

    /// Reads, compares, writes.
    public func run() throws -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        let asStore = output.hasSuffix(".h5") || output.hasSuffix(".hdf5")
        if !asStore { try requireEnding(output, [".csv", ".csv.gz", ".h5"]) }
        let source = try CandidateInput.open(input, format: format, request: keys.request(asStore ? nil : [], structures: true))
        guard source.schema.hasStructures else {
            throw MatSieveError.input("\(input): has no structures to compare; name the column that holds them with --structure-column")
        }
        let members = try read(source)
        let places = try compare(members.crystals)
        if asStore { try writeStore(source, members, places) } else { try writeGroups(members, places) }
        var outcome = Outcome(compared: members.crystals.count, rejected: members.tally.rejected, rejections: members.tally.rejections)
        outcome.unique = places.indices.count { places[$0].first == $0 }
        outcome.notes = members.tally.notes + source.notes
        outcome.seconds = (clock.now - start) / .seconds(1)
        return outcome
    }

    // MARK: Reading

    /// All structures, reduced.
    private struct Members {
        var crystals: [Reduced] = []
        var tally = ReadTally()
    }

    private struct Reduced: Sendable {
        var index: CandidateIndex
        var id: String
        var formula: String
        var key: UInt64
        var crystal: ReducedCrystal
    }

    private func read(_ source: any CandidateSource) throws -> Members {
        var members = Members()
        let tolerances = tolerances
        try source.forEachBatch(
            workers, transform: { Self.reduced($0, tolerances) },
            commit: { batch, crystals in
                members.tally.add(batch)
                members.crystals += crystals
            })
        try members.tally.requireUsable(input)
        return members
    }

    private static func reduced(_ batch: CandidateBatch, _ tolerances: MatchTolerances) -> (CandidateBatch, [Reduced]) {
        batch.usable(.describe) { row throws(CandidateDefect) in
            let composition = batch.composition(row)
            return Reduced(
                index: batch.indices[row], id: batch.ids[row], formula: composition.reducedFormula, key: compositionKey(composition),
                crystal: try ReducedCrystal(batch.structure(row), tolerances: tolerances))
        }
    }

    // MARK: Comparing

    /// The place of every structure: group by group on several threads, the largest groups alone with all threads.
    private func compare(_ crystals: [Reduced]) throws -> [DuplicateSearch.Place] {
        var groups: [UInt64: [Int]] = [:]
        for (i, c) in crystals.enumerated() { groups[c.key, default: []].append(i) }
        let ordered = groups.values.sorted { $0[0] < $1[0] }
        var places = crystals.indices.map { DuplicateSearch.Place(first: $0, displacement: 0) }
        let (tolerances, interruption) = (tolerances, workers.interruption)
        func place(_ members: [Int], _ found: [DuplicateSearch.Place]?) throws {
            guard let found else { throw MatSieveError.stopped("stopped by \(interruption.cause); no output was written, run it again") }
            for (member, p) in zip(members, found) {
                places[member] = DuplicateSearch.Place(first: members[p.first], displacement: p.displacement)
            }
        }
        let (small, large) = (ordered.filter { (2...1000).contains($0.count) }, ordered.filter { $0.count > 1000 })
        var next = 0
        try BatchScheduler<([Int], [DuplicateSearch.Place]?)>(threads: workers.threads, isCancelled: { interruption.isRequested }).run(
            next: {
                defer { next += 1 }
                return next < small.count ? small[next] : nil
            },
            process: { members in (members, DuplicateSearch(tolerances: tolerances).places(of: members.map { crystals[$0].crystal })) },
            commit: { try place($0.0, $0.1) })
        let search = DuplicateSearch(tolerances: tolerances, threads: workers.threads)
        for members in large {
            try place(members, search.places(of: members.map { crystals[$0].crystal }, isCancelled: { interruption.isRequested }))
        }
        if interruption.isRequested { try place([], nil) }
        return places
    }

    // MARK: Writing

    private func writeGroups(_ members: Members, _ places: [DuplicateSearch.Place]) throws {
        let file = try AtomicFile(path: output)
        var writer = CSVWriter(header: ["id", "formula", "group", "duplicate_of", "displacement"])
        var numbers: [Int: Int] = [:]
        for (i, place) in places.enumerated() {
            if place.first == i { numbers[i] = numbers.count + 1 }
            writer.write(members.crystals[i].id)
            writer.write(members.crystals[i].formula)
            writer.write(numbers[place.first]!)
            writer.write(place.first == i ? "" : members.crystals[place.first].id)
            writer.write(place.first == i ? Double.nan : place.displacement)
            writer.endRow()
        }
        try file.write(writer.bytes)
        try file.commit()
    }

    private func writeStore(_ source: any CandidateSource, _ members: Members, _ places: [DuplicateSearch.Place]) throws {
        var kept: Set<CandidateIndex> = []
        for (i, place) in places.enumerated() where place.first == i { kept.insert(members.crystals[i].index) }
        let provenance = source.provenance
        let writer = try CandidateStoreWriter(
            path: output, schema: source.schema,
            description: StoreDescription(
                source: provenance.source, license: provenance.license, dataClass: provenance.dataClass,
                createdBy: "MatSieve \(MatSieve.version)"))
        let unique = kept
        try source.forEachBatch(
            workers,
            transform: { batch in
                var batch = batch
                batch.compact(keeping: batch.indices.map { unique.contains($0) })
                return batch
            }, commit: { try writer.append($0) })
        try writer.finish()
    }
}
