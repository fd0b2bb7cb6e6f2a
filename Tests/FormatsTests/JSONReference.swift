import Formats
import Foundation
import MaterialsCore
import TestSupport
import Testing

/// A structure as pymatgen read it.
struct JSONReference {
    var id: String
    var lattice: [Double]
    /// Atomic number and occupancy of each species, by site.
    var sites: [[(Int, Double)]]
    var distances: [Double]
    var values: [String: String]

    /// Rows of a table under `Datasets/references/json_structures`.
    static func table(_ name: String) throws -> [JSONReference] {
        let text = String(decoding: try dataset("references/json_structures/\(name)"), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return JSONReference(
                id: cells[0], lattice: numbers(cells[1]), sites: cells[2].split(separator: " ").map(species), distances: numbers(cells[3]),
                values: Dictionary(
                    cells[4].split(separator: ";").map { $0.split(separator: "=").map(String.init) }.map { ($0[0], $0[1]) },
                    uniquingKeysWith: { $1 }))
        }
    }

    private static func numbers(_ text: String) -> [Double] { text.split(separator: " ").map { Double($0)! } }

    private static func species(_ site: Substring) -> [(Int, Double)] {
        site.split(separator: "+").map { part in
            let pair = part.split(separator: ":")
            return (Int(pair[0])!, Double(pair[1])!)
        }
    }

    /// Site count, species, lattice (10⁻⁶ Å, as the table rounds) and distances (10⁻⁵ Å).
    func check(_ structure: CrystalStructure, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(structure.siteCount == sites.count, comment, sourceLocation: sourceLocation)
        var found: [[(Int, Double)]] = Array(repeating: [], count: structure.siteCount)
        var places: [FractionalPosition?] = Array(repeating: nil, count: structure.siteCount)
        for entry in 0..<structure.count {
            let site = structure.isDisordered ? Int(structure.sites[entry]) : entry
            found[site].append((Int(structure.atomicNumbers[entry]), structure.occupancy(entry)))
            places[site] = structure.positions[entry]
        }
        for (mine, theirs) in zip(found, sites) {
            let sorted = mine.sorted { $0.0 < $1.0 }
            #expect(sorted.map(\.0) == theirs.map(\.0), comment, sourceLocation: sourceLocation)
            for (a, b) in zip(sorted, theirs) { #expect(abs(a.1 - b.1) < 1e-6, comment, sourceLocation: sourceLocation) }
        }
        let vectors = (0..<3).flatMap { axis in (0..<3).map { structure.lattice[axis].angstroms[$0] } }
        for (a, b) in zip(vectors, lattice) { #expect(abs(a - b) < 1e-6, comment, sourceLocation: sourceLocation) }
        checkDistances(structure, places.map { $0! }, comment, sourceLocation)
    }

    private func checkDistances(
        _ structure: CrystalStructure, _ places: [FractionalPosition], _ comment: Comment, _ sourceLocation: SourceLocation
    ) {
        if distances.isEmpty { return }
        var worst = 0.0
        var k = 0
        for i in [0, places.count / 2] {
            for j in places.indices {
                worst = max(worst, abs(nearest(structure, places[i], places[j]) - distances[k]))
                k += 1
            }
        }
        #expect(k == distances.count && worst < 1e-5, comment, sourceLocation: sourceLocation)
    }

    /// Distance to the nearest image.
    private func nearest(_ structure: CrystalStructure, _ p: FractionalPosition, _ q: FractionalPosition) -> Double {
        var difference = q.coordinates - p.coordinates
        for axis in 0..<3 where structure.periodicity[axis] { difference[axis] -= difference[axis].rounded() }
        let range = (0..<3).map { structure.periodicity[$0] ? -2.0...2.0 : 0.0...0.0 }
        var best = Double.infinity
        for a in stride(from: range[0].lowerBound, through: range[0].upperBound, by: 1) {
            for b in stride(from: range[1].lowerBound, through: range[1].upperBound, by: 1) {
                for c in stride(from: range[2].lowerBound, through: range[2].upperBound, by: 1) {
                    best = min(best, structure.lattice.cartesian(FractionalPosition(difference + SIMD3(a, b, c))).squaredLength)
                }
            }
        }
        return best.squareRoot()
    }
}

/// What a format makes of a file: structures in order, and reasons of what is refused.
struct JSONRead {
    var decoded: [(label: String?, structure: DecodedStructure)] = []
    var reasons: [String] = []

    init(_ format: StructureFormatEntry, _ input: ByteInput) {
        do {
            let reader = try format.records(input)
            while let record = try reader.next() {
                do throws(CandidateDefect) {
                    decoded.append((record.label, try format.decode(record)))
                } catch { reasons.append(error.reason) }
            }
        } catch let defect as CandidateDefect { reasons.append(defect.reason) } catch { reasons.append("\(error)") }
    }

    init(_ format: String, _ text: String, path: String = "a.json", chunk: Int = .max) throws {
        self.init(try FormatRegistry.structure(named: format), inMemoryInput(text, path: path, chunk: chunk))
    }

    /// The first number of that name in the first structure.
    func number(_ name: String) -> Double? {
        guard case .number(let value)? = decoded.first?.structure.values.first(where: { $0.name == name })?.value else { return nil }
        return value
    }
}
