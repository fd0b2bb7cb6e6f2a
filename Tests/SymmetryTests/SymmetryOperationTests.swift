import MaterialsCore
import Symmetry
import Testing

@Suite struct SymmetryOperationTests {
    @Test(
        arguments: [
            ("x,y,z", "x,y,z"), ("X, Y, Z", "x,y,z"), ("+x,+y,+z", "x,y,z"), ("1/2-x,Y,0.5+Z", "-x+1/2,y,z+1/2"), ("'x,y,z'", "x,y,z"),
            ("-y+x, x, z+0.3333", "x-y,x,z+1/3"), ("x,y,z+.6667", "x,y,z+2/3"), ("x+0.083,y,z", "x+1/12,y,z"), ("x,y,z,+1", "x,y,z"),
            ("x,y,z,-1", "x,y,z"), ("1*x,y,z", "x,y,z"), ("1x , y\t, z", "x,y,z"), ("x+1/4+1/4,y,z", "x+1/2,y,z"),
        ])
    func forms(_ text: String, _ same: String) throws {
        let a = try #require(SymmetryOperation(xyz: text))
        let b = try #require(SymmetryOperation(xyz: same))
        #expect(a == b)
    }

    @Test func values() throws {
        let operation = try #require(SymmetryOperation(xyz: "-y+1/3,x-y+2/3,-z+0.375"))
        #expect(operation.translation == SIMD3(1.0 / 3, 2.0 / 3, 0.375))
        let image = operation.apply(FractionalPosition(0.1, 0.25, 0.5)).coordinates
        #expect(image == SIMD3(-0.25 + 1.0 / 3, 0.1 - 0.25 + 2.0 / 3, -0.5 + 0.375))
        #expect(operation.rows.determinant == -1)
        // Fractions of supercells and unusual decimals stay as they are.
        #expect(SymmetryOperation(xyz: "x+1/7,y,z")?.translation.x == 1.0 / 7)
        #expect(SymmetryOperation(xyz: "x+0.20,y,z")?.translation.x == 0.2)
    }

    @Test(
        arguments: [
            "", ",", ",,", "x", "x,y", "x,y,", "x,y,q", "x,x,z", "2x,y,z", "x y,z,x", "x,,z", "1/0+x,y,z", "x+,y,z", "x,y,z+1/",
            "999999999999999999999x,y,z", "x.5,y,z", "0,0,0", "x;y;z", "1,2,3", "x+1/2/3,y,z", "--x,y,z", "x*,y,z",
        ])
    func refused(_ text: String) {
        #expect(SymmetryOperation(xyz: text) == nil)
    }

    @Test func preservesItsLattice() throws {
        let hexagonal = try #require(Lattice(lengths: SIMD3(3, 3, 5), degrees: SIMD3(90, 90, 120)))
        let cubic = try #require(Lattice(lengths: SIMD3(4, 4, 4), degrees: SIMD3(90, 90, 90)))
        let six = try #require(SymmetryOperation(xyz: "x-y,x,z"))
        let four = try #require(SymmetryOperation(xyz: "-y,x,z"))
        #expect(six.preserves(hexagonal) && !six.preserves(cubic))
        #expect(four.preserves(cubic) && !four.preserves(hexagonal))
    }
}
