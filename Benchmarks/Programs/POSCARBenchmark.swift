import BenchmarkHarness
import Formats
import Foundation
import MaterialsCore
import Storage

extension Benchmark {
    /// Text of POSCAR files to checked structures.
    static let poscar = Benchmark(
        name: "poscar", unit: "structures", summary: "POSCAR texts to structures, validated", optionNames: ["input", "output"]
    ) { context in
        let texts = try StructureTexts(
            path: context.options["input"] ?? context.datasets + "/structures/perov5_heat_ref.json.zip", rows: context.tiny ? 200 : nil)
        let threads = context.threads
        let output = context.options["output"]
        let batches = CandidateGrid.batchCount(positions: texts.records.count)
        let sums = Slots(count: batches) { _ in 0.0 }
        return BenchmarkWork(
            rows: texts.records.count,
            run: {
                inParallel(batches, threads: threads) { _, batch in
                    var sum = 0.0
                    for row in texts.rows(ofBatch: batch) { sum += texts.structure(row).checksum }
                    sums[batch] = sum
                }
            },
            checksum: { sums.all.reduce(0, +) },
            finish: {
                if let output {
                    let values = texts.records.indices.flatMap { texts.structure($0).figures }
                    try MatrixFile.write(values, columns: CrystalStructure.figureCount, to: output)
                }
                return ["bytes": Double(texts.byteCount)]
            })
    }
}

/// Texts of structures out of a JSON map, in the order of their ids.
struct StructureTexts: Sendable {
    /// One a structure.
    let records: [StructureRecord]
    /// Bytes of text.
    let byteCount: Int

    /// Reads the first file of an archive: parts (`train`, `test`, …) that map ids to POSCAR texts.
    init(path: String, rows: Int?) throws {
        guard let member = try openFileCollection(path: path).open().next() else {
            throw MatSieveError.input("\(path): holds no file; give a .json or an archive of one")
        }
        var bytes: [UInt8] = []
        let stream = try member.input.open()
        while case let more = try stream.read(1 << 20), !more.isEmpty { bytes += more }
        let parts = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: [String: String]]
        guard let parts, !parts.isEmpty else { throw MatSieveError.input("\(path): is no JSON map of parts, ids and POSCAR texts") }
        let texts = parts.values.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
        records = texts.keys.sorted().prefix(rows ?? .max).map {
            // The set holds its line ends as two characters.
            StructureRecord(bytes: Array(texts[$0]!.replacing("\\n", with: "\n").utf8), label: $0)
        }
        byteCount = records.reduce(0) { $0 + $1.bytes.count }
    }

    /// Rows of batch `b` on the grid.
    func rows(ofBatch b: Int) -> Range<Int> {
        b * CandidateGrid.batchSize..<min((b + 1) * CandidateGrid.batchSize, records.count)
    }

    /// The structure of a text, which must be good.
    func structure(_ row: Int) -> CrystalStructure {
        let structure = try! POSCARFormat.decode(records[row]).structure
        try! StructureValidation.check(structure)
        return structure
    }
}

extension CrystalStructure {
    /// Number of `figures`.
    static let figureCount = 14

    /// Entries, lattice (Å), Σ Z, Σ Z × coordinate for each axis: enough to tell one structure from another.
    var figures: [Double] {
        var moments = SIMD3<Double>()
        var charge = 0.0
        for i in 0..<count {
            charge += Double(atomicNumbers[i])
            moments += Double(atomicNumbers[i]) * positions[i].coordinates
        }
        let vectors = (0..<3).flatMap { axis in (0..<3).map { lattice[axis].angstroms[$0] } }
        return [Double(count)] + vectors + [charge, moments.x, moments.y, moments.z]
    }

    /// Entries, volume (Å³) and coordinates added up.
    var checksum: Double {
        var sum = Double(count) + lattice.volume
        for p in positions { sum += (p.coordinates.x + p.coordinates.y) + p.coordinates.z }
        return sum
    }
}
