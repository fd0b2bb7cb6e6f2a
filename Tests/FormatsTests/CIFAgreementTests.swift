import Foundation
import MaterialsCore
import Symmetry
import TestSupport
import Testing

@testable import Formats

/// Every CIF of the sets against what pymatgen reads of it (`Datasets/references/cif_agreement`).
@Suite struct CIFAgreementTests {
    /// Texts on which the two differ; why stands in `EXPLAINED.md` there.
    static let explained: [String: String] = [
        "cif_poscar_variety/io/cif/mcif/CsCl-manual-oxi-ref.mcif": "read",
        "frameworks/mofs/cif/CAN-12.cif": "read",
        "frameworks/zeolites/cif/DDR.cif": "other sites",
    ]
    /// Reasons for what both refuse.
    static let refusals: [String: String] = [
        "cif_poscar_variety/cif/bad_superflat_inf_loop.cif.gz": "singular-cell",
        "frameworks/ceramics/cif/graphite-square-channel-11.36A.cif": "overlapping-sites",
        "frameworks/mofs/cif/COF-108.cif": "overlapping-sites",
    ]

    @Test func agreesOnEveryText() throws {
        let references = try CIFReference.all()
        let texts = try CIFReference.texts()
        #expect(references.count == 432)
        var (read, refused) = (0, 0)
        for reference in references {
            let bytes = try #require(texts[reference.file], "\(reference.file)")
            let outcome = try decodeOnly(bytes)
            switch (outcome, reference.refused) {
            case (.success(let crystal), nil):
                read += 1
                let difference = reference.difference(from: crystal)
                #expect(
                    (difference == nil) == (Self.explained[reference.file] != "other sites"), "\(reference.file): \(difference ?? "none")")
            case (.success(let crystal), .some):
                read += 1
                #expect(Self.explained[reference.file] == "read", "\(reference.file) is read: \(crystal.siteCount) sites")
            case (.failure(let defect), .some):
                refused += 1
                #expect(Self.refusals[reference.file] == defect.reason, "\(reference.file): \(defect)")
            case (.failure(let defect), nil): Issue.record("\(reference.file) is refused: \(defect)")
            }
        }
        #expect(read == 429 && refused == 3)
    }

    @Test func zeolitesAndFrameworksThatPymatgenGetsWrong() throws {
        let texts = try CIFReference.texts()
        // The framework type DDR: 120 tetrahedral sites and 240 oxygens in the cell.
        let ddr = try decodeOnly(texts["frameworks/zeolites/cif/DDR.cif"]!).get()
        #expect(ddr.composition == Composition([(Element(symbol: "O")!, 240), (Element(symbol: "Si")!, 120)]))
        let salt = try decodeOnly(texts["cif_poscar_variety/io/cif/mcif/CsCl-manual-oxi-ref.mcif"]!).get()
        #expect(salt.atomicNumbers == [55, 17])
    }

    @Test func symbolsNameTheOperatorsOfTheirFiles() throws {
        var (same, other) = (0, [String]())
        for (file, bytes) in try CIFReference.texts() {
            let block = try CIFBlock(bytes.span)
            guard block.operators.count > 1, !block.symbol.isEmpty else { continue }
            let listed = Set(block.operators.map(Self.reduced))
            let named = SpaceGroup.settings(symbol: String(decoding: bytes[block.symbol], as: UTF8.self))
            if named.contains(where: { Set($0.operations.map(Self.reduced)) == listed }) { same += 1 } else { other.append(file) }
        }
        // This file leaves the centring of C 2/c out and lists every operator twice.
        #expect(other == ["cif_poscar_variety/cif/P24Ru4H252C296S24N16.cif"])
        #expect(same > 70)
    }

    /// Matrix and translation modulo 1, in 24ths.
    private static func reduced(_ operation: SymmetryOperation) -> [Int] {
        let rows = [operation.rows.x, operation.rows.y, operation.rows.z].flatMap { [$0.x, $0.y, $0.z] }
        let t = (operation.translation * 24).rounded(.toNearestOrEven)
        return rows + [t.x, t.y, t.z].map { ((Int($0) % 24) + 24) % 24 }
    }

    /// The one block of a text.
    private func decodeOnly(_ bytes: [UInt8]) throws -> Result<CrystalStructure, CandidateDefect> {
        let reader = try CIFFormat.records(in: inMemoryInput(bytes, path: "text.cif"))
        let record = try #require(try reader.next())
        #expect(try reader.next() == nil)
        do throws(CandidateDefect) {
            let structure = try CIFFormat.decode(record).structure
            try StructureValidation.check(structure)
            return .success(structure)
        } catch { return .failure(error) }
    }
}

/// What pymatgen makes of a text.
struct CIFReference: Decodable {
    var file: String
    var refused: String?
    var sites: Int?
    var ordered: Bool?
    var composition: [String: Double]?
    var lattice: [Double]?
    var cutoff: Double?
    var pairs: Int?
    var distances: [Double]?

    static func all() throws -> [CIFReference] {
        let lines = try dataset("references/cif_agreement/pymatgen.jsonl.gz").split(separator: UInt8(ascii: "\n"))
        return try lines.map { try JSONDecoder().decode(CIFReference.self, from: $0) }
    }

    /// The texts by the names of the references.
    static func texts() throws -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for archive in ["cif_poscar_variety", "cod_sample", "cofs", "frameworks", "jarvis_tests"] {
            for file in try structureArchive(archive) where file.path.contains("cif") {
                texts[file.path] = file.path.hasSuffix(".gz") ? [UInt8](try unpacked(Data(file.bytes))) : file.bytes
            }
        }
        for table in ["perov5", "carbon24"] {
            let cells = try cifCells(ofTable: "structures/\(table).csv.gz")
            for k in 0..<100 { texts["\(table).csv:\(k * cells.count / 100)"] = cells[k * cells.count / 100] }
        }
        return texts
    }

    /// Column `cif` of a table; its cells are quoted and have line ends.
    private static func cifCells(ofTable path: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try dataset(path))
        var (cells, cell, isQuoted): ([[UInt8]], [UInt8], Bool) = ([], [], false)
        for (i, b) in bytes.enumerated() {
            if b == UInt8(ascii: "\"") {
                if isQuoted, !cell.isEmpty { cells.append(cell) }
                (cell, isQuoted) = ([], !isQuoted)
            } else if isQuoted {
                cell.append(b)
            }
            precondition(i == 0 || b != UInt8(ascii: "\"") || bytes[i - 1] != b, "doubled quotes")
        }
        return cells.filter { $0.count > 200 }
    }

    private static func unpacked(_ data: Data) throws -> Data {
        let url = FileManager.default.temporaryDirectory.appending(path: "matsieve-\(UUID().uuidString).gz")
        try data.write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try unpackedFile(url)
    }

    /// Nil where lattice, composition, sites and distances agree.
    func difference(from crystal: CrystalStructure) -> String? {
        if crystal.siteCount != sites { return "\(crystal.siteCount) sites, not \(sites ?? -1)" }
        if crystal.isDisordered == ordered { return "disorder" }
        let own =
            zip(listed(crystal.lattice.lengths), lattice!).map { abs($0 - $1) }
            + zip(listed(crystal.lattice.degrees), lattice![3...]).map { abs($0 - $1) }
        if own.max()! > 1e-6 { return "lattice differs by \(own.max()!)" }
        let amounts = zip(crystal.composition.atomicNumbers, crystal.composition.amounts).map { (Element.symbols[Int($0)], $1) }
        if amounts.count != composition!.count { return "elements" }
        for (symbol, amount) in amounts where abs(amount - (composition![symbol] ?? -1)) > 1e-6 { return "amount of \(symbol)" }
        return difference(fromDistances: PeriodicDistances.below(cutoff!, crystal))
    }

    private func difference(fromDistances own: [Double]) -> String? {
        if own.count != pairs { return "\(own.count) pairs, not \(pairs ?? -1), below \(cutoff!) Å" }
        if own.isEmpty { return nil }
        var ranks: Set<Int> = [own.count - 1]
        for k in 0..<47 { ranks.insert(Int(Double(k) * (Double(own.count - 1) / 47))) }
        let largest = zip(ranks.sorted(), distances!).map { abs(own[$0] - $1) }.max()!
        return largest > 2e-5 ? "distances differ by \(largest) Å" : nil
    }
}

/// All distances between positions and their images, naively.
enum PeriodicDistances {
    static func below(_ cutoff: Double, _ crystal: CrystalStructure) -> [Double] {
        let positions =
            crystal.sites.isEmpty
            ? crystal.positions
            : crystal.sites.indices.filter { $0 == 0 || crystal.sites[$0] != crystal.sites[$0 - 1] }.map { crystal.positions[$0] }
        let wrapped = positions.map(\.wrapped.coordinates)
        let spacings = crystal.lattice.planeSpacings
        let reach = SIMD3<Double>((0..<3).map { (cutoff / spacings[$0] + 0.5).rounded(.down) })
        var distances: [Double] = []
        for i in wrapped.indices {
            for j in i..<wrapped.count {
                let d = wrapped[j] - wrapped[i]
                let nearest = d - d.rounded(.toNearestOrEven)
                if i == j, reach == .zero { continue }
                append(nearest, reach, cutoff, crystal.lattice, isSelf: i == j, &distances)
            }
        }
        return distances.sorted()
    }

    private static func append(
        _ d: SIMD3<Double>, _ reach: SIMD3<Double>, _ cutoff: Double, _ lattice: Lattice, isSelf: Bool, _ distances: inout [Double]
    ) {
        for x in stride(from: -reach.x, through: reach.x, by: 1) {
            for y in stride(from: -reach.y, through: reach.y, by: 1) {
                for z in stride(from: -reach.z, through: reach.z, by: 1) {
                    if isSelf, x == 0, y == 0, z == 0 { continue }
                    let squared = lattice.cartesian(FractionalPosition(d + SIMD3(x, y, z))).squaredLength
                    guard squared < cutoff * cutoff else { continue }
                    distances.append(squared.squareRoot())
                    // A pair of two atoms counts for both.
                    if !isSelf { distances.append(squared.squareRoot()) }
                }
            }
        }
    }
}

extension SIMD3 where Scalar == Double {
    fileprivate init(_ values: [Double]) { self.init(values[0], values[1], values[2]) }
}

private func listed(_ v: SIMD3<Double>) -> [Double] { [v.x, v.y, v.z] }
