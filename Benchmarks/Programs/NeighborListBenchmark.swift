import BenchmarkHarness
import MaterialsCore
import Neighborhoods

extension Benchmark {
    /// Neighbour lists of crystals in memory, one after the other; without `--input` 4,096 atoms of NaCl.
    static let neighborList = Benchmark(
        name: "neighbor-list", unit: "atoms",
        summary: "crystals to neighbour lists (--input: rows of 9 lattice and 3 n fractional numbers)",
        optionNames: ["input", "output", "cutoff"]
    ) { context in
        let cutoff = try context.number("cutoff", default: 5)
        var crystals = [rockSalt(cells: context.tiny ? 2 : 8)]
        if let input = context.options["input"] { crystals = try MatrixFile(path: input).crystals() }
        let work = NeighborListWork(crystals, cutoff: cutoff)
        let output = context.options["output"]
        return BenchmarkWork(
            rows: crystals.reduce(0) { $0 + $1.count }, run: { try work.run() }, checksum: { work.checksum },
            finish: {
                if let output { try MatrixFile.write(try work.pairs(), columns: 7, to: output) }
                return ["structures": Double(work.crystals.count), "pairs": Double(work.pairCount)]
            })
    }

    /// NaCl of so many cubic cells along each axis.
    private static func rockSalt(cells n: Int) -> CrystalStructure {
        var positions: [FractionalPosition] = []
        for a in 0..<2 * n {
            for b in 0..<2 * n {
                for c in 0..<2 * n { positions.append(FractionalPosition(SIMD3(Double(a), Double(b), Double(c)) / Double(2 * n))) }
            }
        }
        return CrystalStructure(
            lattice: Lattice(lengths: SIMD3(repeating: 5.64 * Double(n)), degrees: SIMD3(90, 90, 90))!,
            atomicNumbers: [UInt8](repeating: 11, count: positions.count), positions: positions)
    }
}

/// The lists of some crystals, made in the same memory.
private final class NeighborListWork {
    let crystals: [CrystalStructure]
    private let cutoff: Double
    private var finder = NeighborFinder()
    private var list = NeighborList()
    private(set) var pairCount = 0
    private(set) var checksum = 0.0

    init(_ crystals: [CrystalStructure], cutoff: Double) { (self.crystals, self.cutoff) = (crystals, cutoff) }

    func run() throws {
        (pairCount, checksum) = (0, 0)
        for crystal in crystals {
            try finder.find(crystal, cutoff: cutoff, into: &list)
            pairCount += list.pairCount
            checksum += (list.distances.first ?? 0) + (list.distances.last ?? 0)
        }
    }

    /// Seven numbers a pair: structure, i, j, offset, distance.
    func pairs() throws -> [Double] {
        var values: [Double] = []
        for (k, crystal) in crystals.enumerated() {
            try finder.find(crystal, cutoff: cutoff, into: &list)
            for i in 0..<list.atomCount {
                for p in list.range(of: i) {
                    let n = list.images[p].cells
                    values += [
                        Double(k), Double(i), Double(list.neighbors[p]), Double(n.x), Double(n.y), Double(n.z), list.distances[p],
                    ]
                }
            }
        }
        return values
    }
}

extension MatrixFile {
    /// Crystals of rows: a, b, c, then the positions.
    fileprivate func crystals() throws -> [CrystalStructure] {
        guard matrix.columns > 9, matrix.columns % 3 == 0 else {
            throw MatSieveError.input("rows need 9 lattice and 3 n fractional numbers")
        }
        return (0..<matrix.rows).map { row in
            let x = Array(matrix.row(row))
            func vector(_ k: Int) -> SIMD3<Double> { SIMD3(x[k], x[k + 1], x[k + 2]) }
            let positions = stride(from: 9, to: x.count, by: 3).map { FractionalPosition(vector($0)) }
            return CrystalStructure(
                lattice: Lattice(a: CartesianVector(vector(0)), b: CartesianVector(vector(3)), c: CartesianVector(vector(6))),
                atomicNumbers: [UInt8](repeating: 11, count: positions.count), positions: positions)
        }
    }
}
