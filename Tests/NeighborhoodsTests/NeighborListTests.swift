import MaterialsCore
import Neighborhoods
import TestSupport
import Testing

@Suite struct NeighborListTests {
    private func cubic(_ edge: Double, _ positions: [FractionalPosition]) -> CrystalStructure {
        CrystalStructure(
            lattice: Lattice(lengths: SIMD3(repeating: edge), degrees: SIMD3(90, 90, 90))!,
            atomicNumbers: [UInt8](repeating: 84, count: positions.count), positions: positions)
    }

    @Test func simpleCubicShells() throws {
        let crystal = cubic(3, [FractionalPosition(0.1, 0.2, 0.3)])
        // 6 at 3 Å, 12 at 4.24 Å, 8 at 5.20 Å
        #expect(try NeighborList(crystal, cutoff: 3.1).pairCount == 6)
        #expect(try NeighborList(crystal, cutoff: 5.2).pairCount == 26)
    }

    @Test func imagesOfOneAtomAreSorted() throws {
        let list = try NeighborList(cubic(3, [FractionalPosition(-4.9, 7.2, 0.3)]), cutoff: 3)
        let offsets = [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (0, 0, 1), (0, 1, 0), (1, 0, 0)]
        #expect(list.images == offsets.map { CellOffset(Int32($0.0), Int32($0.1), Int32($0.2)) })
        #expect(list.distances.allSatisfy { $0 == 3 } && list.neighbors.allSatisfy { $0 == 0 })
    }

    /// Few atoms go through the loop over images, many through the bins.
    @Test(arguments: [(1...6, 150, 4.0), (7...16, 60, 2.0), (17...60, 80, 1.2), (100...140, 6, 0.7)])
    func equalsTheNaiveListToTheBit(_ atoms: ClosedRange<Int>, _ rounds: Int, _ longest: Double) throws {
        var random = SplitMix64(seed: UInt64(atoms.upperBound))
        var finder = NeighborFinder()
        var list = NeighborList()
        for round in 0..<rounds {
            let count = atoms.lowerBound + random.nextInt(below: atoms.count)
            let crystal = randomCrystal(&random, atoms: count)
            let edge = PortableMath.cbrt(crystal.lattice.volume)
            let cutoff = edge * (0.3 + (longest - 0.3) * random.nextUnit())
            try finder.find(crystal, cutoff: cutoff, into: &list)
            #expect(NaiveNeighborList(crystal, cutoff: cutoff).equals(list), "round \(round), \(count) atoms, \(cutoff) Å")
        }
    }

    /// Blocks of images that would be too large give way to a search line by line.
    @Test func longCutoffs() throws {
        var random = SplitMix64(seed: 31)
        for atoms in [1, 2, 1, 2, 1, 2] {
            let crystal = randomCrystal(&random, atoms: atoms, periodicity: .full)
            let cutoff = 9.5 * PortableMath.cbrt(crystal.lattice.volume)
            #expect(NaiveNeighborList(crystal, cutoff: cutoff).equals(try NeighborList(crystal, cutoff: cutoff)))
        }
    }

    /// Pairs at the cutoff itself, and atoms on one point, as the definition has them.
    @Test func equalityCounts() throws {
        var random = SplitMix64(seed: 41)
        for round in 0..<60 {
            var crystal = randomCrystal(
                &random, atoms: 1 + round % 9, periodicity: Periodicity(round & 1 > 0, round & 2 > 0, round & 4 > 0))
            crystal.atomicNumbers += crystal.atomicNumbers
            crystal.positions += crystal.positions
            for cutoff in try NeighborList(crystal, cutoff: 4).distances.filter({ $0 > 0 }).prefix(3) {
                for near in [cutoff.nextDown, cutoff] {
                    #expect(NaiveNeighborList(crystal, cutoff: near).equals(try NeighborList(crystal, cutoff: near)))
                }
            }
        }
    }

    /// Crystals one after the other in one list, searched in all three ways.
    @Test func addsToAList() throws {
        var random = SplitMix64(seed: 51)
        let crystals = [3, 90, 1, 0, 7].map { randomCrystal(&random, atoms: $0, periodicity: .full) }
        let cutoffs = [3.0, 2, 30, 3, 4]
        var finder = NeighborFinder()
        var list = NeighborList()
        for (crystal, cutoff) in zip(crystals, cutoffs) { #expect(try finder.append(crystal, cutoff: cutoff, to: &list)) }
        #expect(throws: CandidateDefect.self) { try finder.append(cubic(3, [FractionalPosition(.nan, 0, 0)]), cutoff: 3, to: &list) }
        var first = 0
        for (crystal, cutoff) in zip(crystals, cutoffs) {
            let alone = try NeighborList(crystal, cutoff: cutoff)
            let base = list.offsets[first]
            #expect(Array(list.offsets[first...first + crystal.count]) == alone.offsets.map { base + $0 })
            let pairs = base..<list.offsets[first + crystal.count]
            #expect(Array(list.neighbors[pairs]) == alone.neighbors && Array(list.images[pairs]) == alone.images)
            #expect(Array(list.vectors[pairs]) == alone.vectors && Array(list.distances[pairs]) == alone.distances)
            first += crystal.count
        }
        #expect(first == list.atomCount)
    }

    @Test func everyPeriodicity() throws {
        var random = SplitMix64(seed: 5)
        for bits in 0..<8 {
            let periodicity = Periodicity(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0)
            for atoms in [1, 5, 40] {
                let crystal = randomCrystal(&random, atoms: atoms, periodicity: periodicity)
                #expect(NaiveNeighborList(crystal, cutoff: 4).equals(try NeighborList(crystal, cutoff: 4)), "\(periodicity) \(atoms)")
            }
        }
    }

    @Test func pairsGoBothWays() throws {
        var random = SplitMix64(seed: 11)
        for atoms in [3, 50] {
            let list = try NeighborList(randomCrystal(&random, atoms: atoms, periodicity: .full), cutoff: 4)
            for i in 0..<list.atomCount {
                for p in list.range(of: i) {
                    let j = Int(list.neighbors[p])
                    let back = list.range(of: j).first { Int(list.neighbors[$0]) == i && list.images[$0] == -list.images[p] }
                    let mirror = try #require(back)
                    #expect(list.distances[mirror] == list.distances[p] && list.vectors[mirror] == -1 * list.vectors[p])
                }
            }
        }
    }

    /// A tetragonal cell 400 times as long as thin, and one written with vectors of 1,000 cells.
    @Test func extremeCells() throws {
        let thin = CrystalStructure(
            lattice: Lattice(lengths: SIMD3(0.5, 0.5, 200), degrees: SIMD3(90, 90, 90))!, atomicNumbers: [1, 1],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.3, 0.4, 0.004)])
        #expect(NaiveNeighborList(thin, cutoff: 3).equals(try NeighborList(thin, cutoff: 3)))
        let cell = Lattice(lengths: SIMD3(3, 3, 3), degrees: SIMD3(90, 90, 90))!
        let skewed = CrystalStructure(
            lattice: Lattice(a: cell.a, b: cell.b + 1000 * cell.a, c: cell.c), atomicNumbers: [84], positions: [FractionalPosition(0, 0, 0)]
        )
        let list = try NeighborList(skewed, cutoff: 5.2)
        #expect(list.pairCount == 26 && list.images.contains(CellOffset(1000, -1, 0)))
    }

    @Test func nearestKeepWholeShells() throws {
        let crystal = cubic(3, [FractionalPosition(0.1, 0.2, 0.3)])
        var finder = NeighborFinder()
        var list = NeighborList()
        for (count, kept) in [(1, 6), (6, 6), (7, 18), (19, 26), (27, 32)] {
            try finder.findNearest(crystal, count: count, into: &list)
            #expect(list.pairCount == kept && list.offsets == [0, kept])
        }
        let molecule = CrystalStructure(
            lattice: cubic(1, []).lattice, periodicity: .none, atomicNumbers: [1, 1, 8],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(1, 0, 0), FractionalPosition(3, 0, 0)])
        try finder.findNearest(molecule, count: 9, into: &list)
        #expect(list.distances == [1, 3, 1, 2, 3, 2] && list.cutoff == 3)
        try finder.findNearest(molecule, count: 1, into: &list)
        #expect(list.neighbors == [1, 0, 1])
    }

    @Test func nearestEqualsSortedLongList() throws {
        var random = SplitMix64(seed: 21)
        var finder = NeighborFinder()
        var list = NeighborList()
        for atoms in [1, 4, 9, 30] {
            let crystal = randomCrystal(&random, atoms: atoms, periodicity: .full)
            try finder.findNearest(crystal, count: 12, into: &list)
            let long = try NeighborList(crystal, cutoff: list.cutoff + 0.1)
            for i in 0..<atoms {
                let order = long.pairsByDistance(of: i)
                let limit = long.distances[order[11]] + 1e-6
                let wanted = long.range(of: i).filter { long.distances[$0] <= limit }
                #expect(list.range(of: i).map { list.images[$0] } == wanted.map { long.images[$0] })
                #expect(list.range(of: i).map { list.distances[$0] } == wanted.map { long.distances[$0] })
            }
        }
    }

    @Test func byDistanceThenNeighborThenOffset() throws {
        let list = try NeighborList(cubic(3, [FractionalPosition(0, 0, 0), FractionalPosition(0.5, 0.5, 0.5)]), cutoff: 3)
        let order = list.pairsByDistance(of: 0)
        #expect(order.count == 14 && order.map { list.neighbors[$0] } == [Int32](repeating: 1, count: 8) + [Int32](repeating: 0, count: 6))
        #expect(order == list.range(of: 0).filter { list.neighbors[$0] == 1 } + list.range(of: 0).filter { list.neighbors[$0] == 0 })
    }

    @Test func hostileInputsEndSoon() throws {
        let onePoint = cubic(5, [FractionalPosition](repeating: FractionalPosition(0.5, 0.5, 0.5), count: 1_000_000))
        let salt = cubic(5, [FractionalPosition(0, 0, 0), FractionalPosition(0.5, 0.5, 0.5)])
        let chain = CrystalStructure(
            lattice: Lattice(lengths: SIMD3(1e-5, 1e4, 1e4), degrees: SIMD3(90, 90, 90))!, atomicNumbers: [1],
            positions: [FractionalPosition(0, 0, 0)])
        var open = onePoint
        open.periodicity = .none
        for (crystal, cutoff) in [(onePoint, 1.0), (onePoint, 1e6), (open, 1e-3), (salt, 1e6), (chain, 1000), (salt, 1e300)] {
            let defect = #expect(throws: CandidateDefect.self) { try NeighborList(crystal, cutoff: cutoff) }
            #expect(defect?.reason == "too-many-neighbors")
        }
    }

    @Test func refusesWhatHasNoNeighbors() throws {
        let flat = Lattice(a: CartesianVector(1, 0, 0), b: CartesianVector(0, 1, 0), c: CartesianVector(1, 1, 0))
        let broken = Lattice(a: CartesianVector(.nan, 0, 0), b: CartesianVector(0, 1, 0), c: CartesianVector(0, 0, 1))
        let endless = Lattice(a: CartesianVector(.infinity, 0, 0), b: CartesianVector(0, 1, 0), c: CartesianVector(0, 0, 1))
        for lattice in [flat, broken, endless] {
            let crystal = CrystalStructure(lattice: lattice, atomicNumbers: [1], positions: [FractionalPosition(0, 0, 0)])
            let defect = #expect(throws: CandidateDefect.self) { try NeighborList(crystal, cutoff: 3) }
            #expect(defect?.reason == "singular-lattice")
        }
        for bad in [Double.nan, .infinity, 1e9] {
            let defect = #expect(throws: CandidateDefect.self) { try NeighborList(cubic(3, [FractionalPosition(0, bad, 0)]), cutoff: 3) }
            #expect(defect?.reason == "bad-position")
        }
        let far = try NeighborList(cubic(3, [FractionalPosition(1e8, 0, 0), FractionalPosition(0.5, 0.5, -2e8)]), cutoff: 3)
        #expect(far.pairCount == 20)
        #expect(try NeighborList(cubic(3, []), cutoff: 3).offsets == [0])
        var cluster = cubic(3, (0..<30).map { FractionalPosition(Double($0), 0, 0) })
        cluster.periodicity = .none
        #expect(try NeighborList(cluster, cutoff: .greatestFiniteMagnitude).pairCount == 30 * 29)
    }

    /// Pairs, distances and offsets that vesin and ASE agree on, and cells by qhull.
    @Test func countsOfOtherCodes() throws {
        func table(_ name: String) throws -> [[Substring]] {
            let text = String(decoding: try dataset("references/site_features/\(name).csv.gz"), as: UTF8.self)
            return text.split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }
        var crystals: [Substring: CrystalStructure] = [:]
        for cells in try table("crystals") {
            let n = cells[1].split(separator: " ").map { Double($0)! }
            let f = cells[3].split(separator: " ").map { Double($0)! }
            crystals[cells[0]] = CrystalStructure(
                lattice: Lattice(
                    a: CartesianVector(n[0], n[1], n[2]), b: CartesianVector(n[3], n[4], n[5]), c: CartesianVector(n[6], n[7], n[8])),
                atomicNumbers: cells[2].split(separator: " ").map { UInt8($0)! },
                positions: stride(from: 0, to: f.count, by: 3).map { FractionalPosition(f[$0], f[$0 + 1], f[$0 + 2]) })
        }
        var tessellated = 0
        for cells in try table("neighbors") {
            var crystal = try #require(crystals[cells[0]])
            let axes = cells[1].map { $0 == "T" }
            if axes == [true, true, true], !cells[6].isEmpty {
                let volumes = cells[6].split(separator: " ").map { Double($0)! }
                for (volume, want) in zip(try VoronoiTessellation(crystal).volumes, volumes) { #expect(abs(volume / want - 1) < 1e-9) }
                tessellated += 1
            }
            crystal.periodicity = Periodicity(axes[0], axes[1], axes[2])
            let list = try NeighborList(crystal, cutoff: Double(cells[2])!)
            #expect(list.pairCount == Int(cells[3]) && abs(list.distances.sorted().reduce(0, +) - Double(cells[4])!) < 1e-7, "\(cells)")
            var code = 0
            for i in 0..<list.atomCount {
                for p in list.range(of: i) {
                    let n = list.images[p].cells
                    code += (Int(n.x) + 10 * Int(n.y) + 100 * Int(n.z)) * (i + 1) * (Int(list.neighbors[p]) + 2)
                }
            }
            #expect(code == Int(cells[5]), "\(cells)")
        }
        #expect(tessellated > 20)
    }
}
