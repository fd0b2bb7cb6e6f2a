import BenchmarkHarness
import Foundation
import MaterialsCore

/// Crystals to describe: those of `--input`, a JSON list of `{"cell", "numbers", "fractional"}` that a peer script writes, else
/// distorted perovskites of 5, 10, 20 and 40 atoms.
struct CrystalTable {
    let batch: CandidateBatch

    init(_ context: BenchmarkContext) throws {
        let crystals = try context.options["input"].map(Self.read) ?? Self.perovskites(context.tiny ? 4 : 400)
        var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
        for (i, crystal) in crystals.enumerated() {
            batch.append(
                index: CandidateIndex(source: 0, position: i), id: "\(i)".utf8, composition: crystal.composition, structure: crystal)
        }
        self.batch = batch
    }

    /// Elements of all crystals, as a setting.
    var species: Setting {
        let numbers = Set(batch.structures!.atomicNumbers).sorted()
        return Setting(.list(numbers.map { Setting(.text(Element(atomicNumber: Int($0))!.symbol)) }))
    }

    private struct Record: Decodable {
        var cell: [[Double]]
        var numbers: [UInt8]
        var fractional: [[Double]]
    }

    private static func read(_ path: String) throws -> [CrystalStructure] {
        guard let data = FileManager.default.contents(atPath: path), let records = try? JSONDecoder().decode([Record].self, from: data)
        else {
            throw MatSieveError.input("\(path): is no list of crystals")
        }
        return records.map { record in
            let vectors = record.cell.map { CartesianVector($0[0], $0[1], $0[2]) }
            return CrystalStructure(
                lattice: Lattice(a: vectors[0], b: vectors[1], c: vectors[2]), atomicNumbers: record.numbers,
                positions: record.fractional.map { FractionalPosition($0[0], $0[1], $0[2]) })
        }
    }

    private static func perovskites(_ count: Int) -> [CrystalStructure] {
        var random = SplitMix64(seed: 5)
        let sites: [(UInt8, SIMD3<Double>)] = [
            (38, SIMD3(0, 0, 0)), (22, SIMD3(0.5, 0.5, 0.5)), (8, SIMD3(0.5, 0.5, 0)), (8, SIMD3(0.5, 0, 0.5)), (8, SIMD3(0, 0.5, 0.5)),
        ]
        return (0..<count).map { k in
            let n = [SIMD3(1.0, 1, 1), SIMD3(2, 1, 1), SIMD3(2, 2, 1), SIMD3(2, 2, 2)][k % 4]
            var (numbers, positions): ([UInt8], [FractionalPosition]) = ([], [])
            for cell in 0..<Int(n.x * n.y * n.z) {
                let corner = SIMD3(Double(cell % 2), Double(cell / 2 % 2), Double(cell / 4))
                for (number, place) in sites {
                    let shift = SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit()) * 0.04
                    numbers.append(number)
                    positions.append(FractionalPosition((corner + place + shift) / n))
                }
            }
            let lattice = Lattice(
                a: CartesianVector(3.9 * n.x, 0, 0), b: CartesianVector(0, 3.9 * n.y, 0), c: CartesianVector(0, 0, 3.9 * n.z))
            return CrystalStructure(lattice: lattice, atomicNumbers: numbers, positions: positions)
        }
    }
}

extension BenchmarkWork {
    /// Describes all crystals of a table; `--output FILE` gets the features. None may be rejected.
    static func describing(_ table: CrystalTable, by descriptor: any Descriptor, output: String?) -> BenchmarkWork {
        let names = descriptor.featureNames
        final class Features { var matrix = FeatureMatrix(rows: 0, columns: 0) }
        let features = Features()
        return BenchmarkWork(
            rows: table.batch.count,
            run: {
                features.matrix = FeatureMatrix(rows: table.batch.count, columns: names.count)
                let defects = descriptor.compute(table.batch, into: &features.matrix, firstColumn: 0)
                if let first = defects.first { throw MatSieveError.input("row \(first.row): \(first.defect.detail)") }
            },
            checksum: { features.matrix.values.reduce(0, +) },
            finish: {
                if let output { try MatrixFile.write(features.matrix.values, columns: names.count, names: names, to: output) }
                return ["columns": Double(names.count), "atoms": Double(table.batch.structures!.atomicNumbers.count)]
            })
    }
}
