import Formats
import MaterialsCore
import Testing

@Suite struct POSCARWriterTests {
    private let cubic = Lattice(a: CartesianVector(4.2, 0, 0), b: CartesianVector(0, 4.2, 0.1), c: CartesianVector(0.3, 0, 1.0 / 3))

    @Test func textByElements() {
        let s = CrystalStructure(
            lattice: cubic, atomicNumbers: [22, 8, 8, 3],
            positions: [[0, 0, 0], [0.5, 0, 0.25], [0, 0.5, -0.1], [1.0 / 3, 0, 0]].map { FractionalPosition($0[0], $0[1], $0[2]) })
        #expect(
            POSCARWriter.text(s, title: "LiTiO2\nmp 1") == """
                LiTiO2 mp 1
                1.0
                4.2 0 0
                0 4.2 0.1
                0.3 0 0.3333333333333333
                Li O Ti
                1 2 1
                Direct
                0.3333333333333333 0 0
                0.5 0 0.25
                0 0.5 -0.1
                0 0 0

                """)
    }

    @Test func obstacles() {
        var s = CrystalStructure(lattice: cubic, atomicNumbers: [3], positions: [FractionalPosition(0, 0, 0)])
        #expect(POSCARWriter.obstacle(s) == nil)
        s.periodicity = Periodicity(true, true, false)
        #expect(POSCARWriter.obstacle(s) == "does not repeat along all three axes")
        (s.periodicity, s.occupancies, s.sites) = (.full, [0.5], [0])
        #expect(POSCARWriter.obstacle(s) == "has shared or partly occupied positions")
    }
}
