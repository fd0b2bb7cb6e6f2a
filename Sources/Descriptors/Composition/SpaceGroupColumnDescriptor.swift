import MaterialsCore
import Symmetry

/// What a space group's number in a column says of symmetry, for tables that give it beside the formula.
///
/// - Input:    a numeric column (setting `column`, default `space_group`) with numbers from 1 to 230
/// - Output:   20 features: `space group number`, `space group system` (1 triclinic to 7 cubic), `space group point group order`,
///   `space group lattice points` (of the conventional cell), `space group centrosymmetric`, `space group polar`,
///   `space group chiral` (no improper operation), `space group centring P` (A, C, I, F, R) and one for each crystal system
/// - Scope:    an empty cell gives missing features; another number rejects the row (`bad-space-group`)
/// - Numerics: whole numbers, from the operations of the first setting of each group
/// - Source:   International Tables for Crystallography A, 6th ed. (2016), doi:10.1107/97809553602060000114
public struct SpaceGroupColumnDescriptor: Descriptor {
    /// `space-group-column`.
    public static let name = "space-group-column"
    /// The tables of the groups.
    public static let references = [
        Citation("International Tables for Crystallography A, 6th ed. (2016)", doi: "10.1107/97809553602060000114")
    ]
    private static let centrings: [Character] = ["P", "A", "C", "I", "F", "R"]
    private static let systems = ["triclinic", "monoclinic", "orthorhombic", "tetragonal", "trigonal", "hexagonal", "cubic"]
    private static let largestSystemNumber = [2, 15, 74, 142, 167, 194, 230]
    /// Features of group n at n - 1.
    private static let table: [[Double]] = (1...230).map(features)

    private let column: String

    /// Reads `column`.
    public init(settings: inout Settings) throws {
        column = try settings.text("column") ?? "space_group"
        try settings.finish()
    }

    /// The column.
    public var requiredColumns: [CandidateColumn] { [CandidateColumn(name: column, kind: .numeric)] }

    /// 20 labels.
    public var featureNames: [String] {
        let counts = ["number", "system", "point group order", "lattice points", "centrosymmetric", "polar", "chiral"]
        let letters = Self.centrings.map { "centring \($0)" }
        return (counts + letters + Self.systems).map { "space group " + $0 }
    }

    /// Fills the values of the group in the column.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        let numbers = batch.numericColumn(column) ?? [Double](repeating: .nan, count: batch.count)
        let width = featureNames.count
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            do throws(CandidateDefect) {
                let range = batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]
                try requireElements(batch.atomicNumbers.span.extracting(range), of: Self.name)
            } catch {
                defects.append((row, error))
                continue
            }
            let number = numbers[row]
            if let n = Int(exactly: number), (1...230).contains(n) {
                for i in 0..<width { features[row, firstColumn + i] = Self.table[n - 1][i] }
            } else if number.isNaN {
                for i in 0..<width { features[row, firstColumn + i] = .nan }
            } else {
                defects.append(
                    (
                        row,
                        CandidateDefect("bad-space-group", "column '\(column)' is \(numberText(number)), a number from 1 to 230 is needed")
                    ))
            }
        }
        return defects
    }

    private static func features(_ number: Int) -> [Double] {
        let group = SpaceGroup.settings(number: number)[0]
        let rotations = Set(group.operations.map(\.rows))
        let system = largestSystemNumber.firstIndex { number <= $0 }!
        let inversion = SymmetryOperation.RotationRows(SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, -1))
        let points = group.operations.count / rotations.count
        let letter = group.symbol.first ?? "P"
        let counts = [
            Double(number), Double(system + 1), Double(rotations.count), Double(points), rotations.contains(inversion) ? 1 : 0,
            isPolar(rotations) ? 1 : 0, rotations.allSatisfy { $0.determinant == 1 } ? 1 : 0,
        ]
        return counts + centrings.map { $0 == letter ? 1 : 0 } + systems.indices.map { $0 == system ? 1 : 0 }
    }

    /// Polar: the operations leave some direction alone, so that their mean is not zero.
    private static func isPolar(_ rotations: Set<SymmetryOperation.RotationRows>) -> Bool {
        var sum = (SIMD3(0, 0, 0), SIMD3(0, 0, 0), SIMD3(0, 0, 0))
        for r in rotations { sum = (sum.0 &+ r.x, sum.1 &+ r.y, sum.2 &+ r.z) }
        return sum != (SIMD3(0, 0, 0), SIMD3(0, 0, 0), SIMD3(0, 0, 0))
    }
}
