import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Formats

/// What another code read out of a file.
private struct Reference {
    var file: String
    var frame: Int
    var error: String
    var lattice: [Double]
    var periodic: String
    var species: [String]
    /// From the first, then from the middle site to all.
    var distances: [Double]
    var values: [String]

    static func all(_ name: String) throws -> [Reference] {
        String(decoding: try dataset("references/plain_structures/\(name).tsv.gz"), as: UTF8.self).split(separator: "\n").dropFirst().map {
            let cells = $0.split(separator: "\t", omittingEmptySubsequences: false)
            func numbers(_ k: Int) -> [Double] { cells[k].split(separator: " ").map { Double($0)! } }
            return Reference(
                file: String(cells[0]), frame: Int(cells[1]) ?? 0, error: String(cells[2]), lattice: numbers(3), periodic: String(cells[4]),
                species: cells[5].split(separator: " ").map(String.init), distances: numbers(6),
                values: cells[7].split(separator: ";").map(String.init))
        }
    }

    /// What differs, beyond the rounding of the reference (10⁻⁷ Å in the lattice, 10⁻⁶ Å in distances).
    func difference(from s: CrystalStructure) -> String? {
        if s.atomicNumbers.map({ Element.symbols[Int($0)] }) != species { return "species" }
        let own = (0..<3).flatMap { axis in (0..<3).map { s.lattice[axis].angstroms[$0] } }
        // Open axes without a vector are zeros there.
        for k in 0..<9 where lattice[k / 3 * 3..<k / 3 * 3 + 3].contains(where: { $0 != 0 }) && abs(own[k] - lattice[k]) > 1e-6 {
            return "lattice"
        }
        let flags = (0..<3).map { s.periodicity[$0] ? "T" : "F" }.joined()
        if flags != periodic { return "periodicity" }
        for (row, from) in [0, s.count / 2].enumerated() {
            for to in 0..<s.count where abs(distance(s, from, to) - distances[row * s.count + to]) > 2e-6 {
                return "distance \(from) \(to)"
            }
        }
        return nil
    }

    /// The shortest over the 27 nearest images.
    private func distance(_ s: CrystalStructure, _ from: Int, _ to: Int) -> Double {
        var d = s.positions[to].coordinates - s.positions[from].coordinates
        func images(_ axis: Int) -> ClosedRange<Int> { s.periodicity[axis] ? -1...1 : 0...0 }
        for axis in 0..<3 where s.periodicity[axis] { d[axis] -= d[axis].rounded() }
        var shortest = Double.infinity
        for i in images(0) {
            for j in images(1) {
                for k in images(2) {
                    let image = FractionalPosition(d + SIMD3(Double(i), Double(j), Double(k)))
                    shortest = min(shortest, s.lattice.cartesian(image).squaredLength)
                }
            }
        }
        return shortest.squareRoot()
    }
}

@Suite struct PlainStructureAgreementTests {
    /// Files that MatSieve and pymatgen do not take alike.
    ///
    /// Most of spglib's name no species. pymatgen then calls them H, He, Li, …; MatSieve takes symbols from the comment or refuses the file.
    private static let explained = [
        // pymatgen reads two atoms on one point.
        "cif_poscar_variety/io/vasp/inputs/POSCAR_overlap": "overlapping-sites",
        // More groups of atoms than there are elements to name them falsely; the comment names them.
        "spglib_poscars/data/virtual_structure/POSCAR-230-230-conv-62":
            "read, though pymatgen says ValueError: Unexpected atomic number Z=119",
    ]

    @Test func readsEveryPOSCARAsPymatgenDoes() throws {
        var files: [String: ArchivedFile] = [:]
        for name in ["alignn_samples", "cif_poscar_variety", "jarvis_tests", "spglib_poscars"] {
            for file in try structureArchive(name) { files[file.path] = file }
        }
        let references = try Reference.all("poscar")
        #expect(references.count == 510)
        var (agreed, unnamed) = (0, 0)
        var differences: [String: String] = [:]
        for reference in references {
            let file = try #require(files[reference.file]).unpacked()
            let isRecognized = POSCARFormat.recognizes(file.bytes.span)
            #expect(isRecognized, "\(file.path)")
            let found = Self.outcome(file, reference)
            switch found {
            case nil: agreed += 1
            case "no-species" where reference.values == ["false names"]: unnamed += 1
            default: differences[file.path] = found
            }
        }
        #expect(differences == Self.explained)
        #expect(agreed == 213 && unnamed == 295)
    }

    /// Nil where both read the same, or both refuse.
    private static func outcome(_ file: ArchivedFile, _ reference: Reference) -> String? {
        do throws(CandidateDefect) {
            let structure = try POSCARFormat.decode(StructureRecord(bytes: file.bytes)).structure
            try StructureValidation.check(structure)
            return reference.error.isEmpty ? reference.difference(from: structure) : "read, though pymatgen says \(reference.error)"
        } catch { return reference.error.isEmpty ? error.reason : nil }
    }

    @Test func readsEveryFrameAsASEDoes() throws {
        let references = try Reference.all("extxyz")
        for name in ["frames.extxyz", "plain.xyz"] {
            let bytes = [UInt8](try dataset("references/plain_structures/\(name)"))
            let reader = try ExtendedXYZFormat.records(in: inMemoryInput(bytes, chunk: 1000))
            for reference in references where reference.file == name {
                let record = try #require(try reader.next())
                let decoded = try ExtendedXYZFormat.decode(record)
                try StructureValidation.check(decoded.structure)
                #expect(reference.difference(from: decoded.structure) == nil, "\(name) \(reference.frame)")
                #expect(Set(decoded.values.map(Self.shown)) == Set(reference.values), "\(name) \(reference.frame)")
            }
            #expect(try reader.next() == nil)
        }
    }

    /// As Python prints it.
    private static func shown(_ entry: (name: String, value: DecodedStructure.Value)) -> String {
        switch entry.value {
        case .number(let n): "\(entry.name)=\(entry.name == "step" || entry.name == "temperature" ? "\(Int(n))" : "\(n)")"
        case .text("true"): "\(entry.name)=True"
        case .text("false"): "\(entry.name)=False"
        case .text(let t): "\(entry.name)=\(t)"
        }
    }
}
