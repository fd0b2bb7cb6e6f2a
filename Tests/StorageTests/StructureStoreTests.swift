import MaterialsCore
import Storage
import TestSupport
import Testing

extension HDF5Tests {
    @Suite struct StructureStoreTests {
        /// Crystals, rows without one, molecules, and from `firstDisordered` on shared positions.
        private func batches(count: Int, firstDisordered: Int) -> [CandidateBatch] {
            var random = RandomCrystals(seed: 5)
            let pool = (0..<12).map { random.crystal(atoms: 1 + $0 % 5, periodicity: $0 == 3 ? Periodicity(true, true, false) : .full) }
            let disordered = CrystalStructure(
                lattice: Lattice(lengths: SIMD3(4, 5, 6), degrees: SIMD3(90, 95, 90))!, atomicNumbers: [26, 25, 8],
                positions: [FractionalPosition(0, 0, 0), FractionalPosition(0, 0, 0), FractionalPosition(0.5, 0.5, 0.25)],
                occupancies: [0.7, 0.2, 1], sites: [0, 0, 1])
            return stride(from: 0, to: count, by: CandidateGrid.batchSize).map { start in
                var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
                for position in start..<min(start + CandidateGrid.batchSize, count) {
                    let isDisordered = position >= firstDisordered && position % 7 == 0
                    let crystal = position % 11 == 5 ? nil : isDisordered ? disordered : pool[position % pool.count]
                    batch.append(
                        index: CandidateIndex(source: 0, position: position), id: "\(position)".utf8,
                        composition: crystal?.composition ?? Composition(sortedAtomicNumbers: [8], amounts: [2]), structure: crystal)
                }
                return batch
            }
        }

        private func write(_ batches: [CandidateBatch], _ path: String) throws {
            let writer = try CandidateStoreWriter(
                path: path, schema: CandidateSchema(hasStructures: true), description: StoreDescription())
            for batch in batches { try writer.append(batch) }
            try writer.finish()
        }

        @Test(arguments: [(100, 0), (9_000, 8_500), (9_000, 100_000), (1_024, 1_023)])
        func roundTrip(_ count: Int, _ firstDisordered: Int) throws {
            let folder = try TemporaryFolder()
            let written = batches(count: count, firstDisordered: firstDisordered)
            try write(written, folder.file("a.h5"))
            let source = try CandidateStoreSource(path: folder.file("a.h5"))
            #expect(source.schema.hasStructures)
            var rows = 0
            for (batch, original) in zip(try readBatches(source), written) {
                for row in 0..<batch.count { #expect(batch.structures?[row] == original.structures?[row], "row \(rows + row)") }
                rows += batch.count
            }
            #expect(rows == count)
            let summary = try CandidateStore(path: folder.file("a.h5")).summary()
            #expect(summary.withStructure == (0..<count).count { $0 % 11 != 5 })
            let unread = try CandidateStoreSource(path: folder.file("a.h5"), structures: false)
            #expect(try readBatches(unread).allSatisfy { $0.structures == nil })
        }

        @Test func equalBatchesGiveEqualBytes() throws {
            let folder = try TemporaryFolder()
            let written = batches(count: 3_000, firstDisordered: 1_500)
            try write(written, folder.file("a.h5"))
            try write(written, folder.file("b.h5"))
            #expect(try fileBytes(folder.file("a.h5")) == fileBytes(folder.file("b.h5")))
        }

        @Test func aBatchSelectsItsStructures() {
            let batch = batches(count: 50, firstDisordered: 10)[0]
            var kept = batch
            kept.compact(keeping: (0..<50).map { $0 % 3 == 0 })
            for (row, original) in stride(from: 0, to: 50, by: 3).enumerated() {
                #expect(kept.structures?[row] == batch.structures?[original])
            }
            let rebased = batch.rebased(schema: CandidateSchema(), source: 1, idPrefix: "1:")
            #expect(rebased.structures == nil)
        }
    }
}
