import MaterialsCore

/// Which positions of a crystal its symmetry makes one site.
public protocol SitePartition: Sendable {
    /// The sites of a crystal.
    ///
    /// - Parameter toleranceAngstrom: how far atoms may be from where symmetry wants them
    func sites(of structure: CrystalStructure, toleranceAngstrom: Double) throws(CandidateDefect) -> CrystalSites
}

/// The symmetry-inequivalent sites of a crystal.
public struct CrystalSites: Equatable, Sendable {
    /// For each position the first one of its site.
    public var firsts: [Int]
    /// For each position the name of its site, such as `8a`; sites may share one.
    public var names: [String]

    /// Sites by their positions.
    public init(firsts: [Int], names: [String]) { (self.firsts, self.names) = (firsts, names) }
}

/// What is replaced together in a prototype: all positions of an element, or those of one of its sites.
struct PrototypePlaces {
    /// Element of each place; ascending, places of one element in the order of their first positions.
    private(set) var elements: [Element] = []
    /// Number of each place among those of its element.
    private(set) var ordinals: [Int] = []
    /// Name of its site, told apart from others of the same name; empty for the only place of an element.
    private(set) var names: [String] = []
    /// Atoms in the cell.
    private(set) var amounts: [Double] = []
    /// Place of each entry of the structure.
    let placeOf: [Int]

    /// One place for each element.
    init(_ structure: CrystalStructure, _ composition: Composition) {
        self.init(structure, composition, CrystalSites(firsts: [Int](repeating: 0, count: structure.siteCount), names: []))
    }

    /// One place for each element on each site.
    init(_ structure: CrystalStructure, _ composition: Composition, _ sites: CrystalSites) {
        func position(_ entry: Int) -> Int { structure.isDisordered ? Int(structure.sites[entry]) : entry }
        var placeOf = [Int](repeating: 0, count: structure.count)
        for z in composition.atomicNumbers {
            let own = (0..<structure.count).filter { structure.atomicNumbers[$0] == z }
            let firsts = Set(own.map { sites.firsts[position($0)] }).sorted()
            for (ordinal, first) in firsts.enumerated() {
                let entries = own.filter { sites.firsts[position($0)] == first }
                for entry in entries { placeOf[entry] = elements.count }
                elements.append(Element(atomicNumber: Int(z))!)
                ordinals.append(ordinal)
                amounts.append(entries.reduce(0) { $0 + structure.occupancy($1) })
            }
            names += firsts.count > 1 ? Self.distinct(firsts.map { sites.names[$0] }) : [""]
        }
        self.placeOf = placeOf
    }

    /// `4c 4c 8d` as `4c.1 4c.2 8d`.
    private static func distinct(_ names: [String]) -> [String] {
        names.indices.map { i in
            let same = names.indices.filter { names[$0] == names[i] }
            return same.count == 1 ? names[i] : "\(names[i]).\(same.firstIndex(of: i)! + 1)"
        }
    }

    /// Places of an element, in order.
    func places(of element: Element) -> [Int] { elements.indices.filter { elements[$0] == element } }
}
