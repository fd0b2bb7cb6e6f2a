import MaterialsCore
import Neighborhoods
import Testing

@Suite struct NeighborListTests {
    @Test func simpleCubicShells() throws {
        let cell = Lattice(lengths: SIMD3(3, 3, 3), degrees: SIMD3(90, 90, 90))!
        let crystal = CrystalStructure(lattice: cell, atomicNumbers: [84], positions: [FractionalPosition(0.1, 0.2, 0.3)])
        // 6 at 3 Å, 12 at 4.24 Å, 8 at 5.20 Å
        #expect(try NeighborList(crystal, cutoff: 3.1).pairCount == 6)
        #expect(try NeighborList(crystal, cutoff: 5.2).pairCount == 26)
    }
}
