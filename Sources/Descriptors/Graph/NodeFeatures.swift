import MaterialsCore

/// What a graph network is told of an atom: numbers by element.
///
/// - `one-hot`: group (18), row (7), block (s, p, d, f), Pauling electronegativity in ten equal steps from 0.5 to 4, covalent radius in ten
///   from 0.25 to 2.5 Å. A property that an element lacks leaves its columns 0
/// - `magpie`: the 22 properties of `MagpieDescriptor`, without scaling; NaN where an element has no value
/// - `none`: no features; the atomic numbers are there anyway
///
/// - Source: the groups of properties are those of T. Xie, J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018),
///   doi:10.1103/PhysRevLett.120.145301, as far as they are facts of the periodic table or of published radii
public struct NodeFeatures: Sendable {
    /// The sets of features.
    public enum Kind: String, CaseIterable, Sendable {
        case oneHot = "one-hot"
        case magpie, none
    }

    /// Labels of the columns.
    public let names: [String]
    /// 119 rows by atomic number; the first is unused.
    private let table: [Float]

    /// A set of features.
    public init(_ kind: Kind) {
        switch kind {
        case .oneHot: (names, table) = Self.oneHot()
        case .magpie:
            let properties = MagpieKernel.properties
            names = properties.map(\.name)
            table = (0...118).flatMap { z in properties.map { Float($0.table[z]) } }
        case .none: (names, table) = ([], [])
        }
    }

    /// Features of nodes, row by row.
    public func rows(_ atomicNumbers: some Sequence<UInt8>) -> [Float] {
        var rows: [Float] = []
        let width = names.count
        rows.reserveCapacity(atomicNumbers.underestimatedCount * width)
        table.withUnsafeBufferPointer { table in
            for z in atomicNumbers { rows.append(contentsOf: UnsafeBufferPointer(rebasing: table[Int(z) * width..<(Int(z) + 1) * width])) }
        }
        return rows
    }

    private static let steps = 10

    private static func oneHot() -> ([String], [Float]) {
        let blocks = ElementBlock.allCases
        let names =
            (1...18).map { "group \($0)" } + (1...7).map { "row \($0)" } + blocks.map { "block \($0.rawValue)" }
            + stepNames("electronegativity", from: 0.5, to: 4) + stepNames("covalent radius", from: 0.25, to: 2.5)
        var table = [Float](repeating: 0, count: 119 * names.count)
        for z in 1...118 {
            let row = z * names.count
            table[row + Int(Element.groups[z]) - 1] = 1
            table[row + 18 + Int(Element.rows[z]) - 1] = 1
            table[row + 25 + blocks.firstIndex(of: ElementBlock(atomicNumber: z))!] = 1
            if let step = step(PymatgenTable.electronegativity[z], from: 0.5, to: 4) { table[row + 29 + step] = 1 }
            if let step = step(CovalentRadius.angstrom[z], from: 0.25, to: 2.5) { table[row + 29 + steps + step] = 1 }
        }
        return (names, table)
    }

    private static func stepNames(_ property: String, from low: Double, to high: Double) -> [String] {
        (0..<steps).map { k in "\(property) from \((low * Double(steps - k) + high * Double(k)) / Double(steps))" }
    }

    /// The last step takes in its upper end and what lies beyond.
    private static func step(_ value: Double, from low: Double, to high: Double) -> Int? {
        if value.isNaN { return nil }
        return max(0, min(steps - 1, Int((value - low) / (high - low) * Double(steps))))
    }
}

/// Distances as overlaps with a row of Gaussians.
///
///     feature_g = exp(−(d − c_g)² / w²),  c_g = start + g·(stop − start)/(count − 1)
///
/// - Source: T. Xie, J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018), doi:10.1103/PhysRevLett.120.145301
public struct GaussianExpansion: Equatable, Sendable {
    /// Centres c_g, Å.
    public let centers: [Double]
    /// Width w, Å.
    public let width: Double

    /// `count` centres from `start` to `stop` (Å); `width` is their spacing unless given.
    public init(count: Int, start: Double = 0, stop: Double, width: Double? = nil) {
        precondition(count >= 2 && stop > start)
        let spacing = (stop - start) / Double(count - 1)
        centers = (0..<count).map { start + Double($0) * spacing }
        self.width = width ?? spacing
    }

    /// Features of distances (Å), row by row.
    public func rows(_ distances: some Collection<Double>) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(distances.count * centers.count)
        for d in distances {
            for c in centers {
                let x = (d - c) / width
                rows.append(Float(PortableMath.exp(-(x * x))))
            }
        }
        return rows
    }
}
