import MaterialsCore
import Symmetry

/// Which operators apply to the atoms of a block.
///
/// Magnetic operators (without time reversal, times the centrings), else listed ones, else those of the Hall symbol, of the international
/// symbol, of the number in International Tables, else none (P 1). Where a symbol or number stands for several settings, the first counts
/// that leaves the cell as it is; among those with another origin, the one under which most atoms have the multiplicity that the file
/// states; else the first: unique axis b, hexagonal axes, origin 1. A symbol that nobody knows is refused, not read as P 1.
extension CIFBlock {
    /// Rows looked at for multiplicities.
    private static let rowsCompared = 64

    func operations(_ bytes: Span<UInt8>, _ lattice: Lattice) throws(CIFDefect) -> [SymmetryOperation] {
        if modulationDimension > 0 {
            throw CIFDefect("modulated-structure", "the structure is modulated (\(modulationDimension) more dimensions)", at: 0)
        }
        if !magneticOperators.isEmpty { return try withIdentity(centred()) }
        if !operators.isEmpty { return withIdentity(operators) }
        if let group = SpaceGroup.operations(hallSymbol: string(bytes, hallSymbol)) { return group }
        let settings = try namedSettings(bytes)
        if settings.isEmpty {
            if magneticGroup.isEmpty { return [.identity] }
            throw CIFDefect(
                "unknown-space-group", "the magnetic space group is only named; its operators are needed", at: magneticGroup.lowerBound)
        }
        return chosen(settings.map(\.operations), lattice)
    }

    private func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String { TextBytes.clipped(bytes.extracting(range)) }

    private func namedSettings(_ bytes: Span<UInt8>) throws(CIFDefect) -> [SpaceGroup] {
        if !symbol.isEmpty {
            let name = string(bytes, symbol)
            if !settingCode.isEmpty {
                let coded = SpaceGroup.settings(symbol: name + ":" + string(bytes, settingCode))
                if !coded.isEmpty { return coded }
            }
            let named = SpaceGroup.settings(symbol: name)
            if !named.isEmpty { return named }
            // An unknown symbol with a number that has only one setting leaves no doubt.
            let numbered = SpaceGroup.settings(number: number)
            if numbered.count == 1 { return numbered }
            throw CIFDefect("unknown-space-group", "no space group is called '\(name)', and there are no operators", at: symbol.lowerBound)
        }
        if number == 0 { return [] }
        let numbered = SpaceGroup.settings(number: number)
        if numbered.isEmpty { throw CIFDefect("unknown-space-group", "there is no space group \(number)", at: 0) }
        // A bare number means the standard axes; the two origins and both axes of rhombohedral groups are left open.
        let standard = numbered.filter { $0.choice.isEmpty || ["1", "2", "H", "R", "b", "b1"].contains($0.choice) }
        return standard.isEmpty ? numbered : standard
    }

    private func withIdentity(_ list: [SymmetryOperation]) -> [SymmetryOperation] {
        guard let at = list.firstIndex(of: .identity) else { return [.identity] + list }
        if at == 0 { return list }
        var list = list
        list.swapAt(0, at)
        return list
    }

    private func centred() throws(CIFDefect) -> [SymmetryOperation] {
        if magneticCenterings.isEmpty { return magneticOperators }
        if magneticOperators.count * magneticCenterings.count > Self.mostOperators {
            throw CIFDefect("too-many-operators", "more than \(Self.mostOperators) symmetry operators with centrings", at: 0)
        }
        var all: [SymmetryOperation] = []
        for operation in magneticOperators {
            for centering in magneticCenterings { all.append(centering.after(operation)) }
        }
        return all
    }

    /// The setting that fits the cell and, where the file states them, the multiplicities.
    private func chosen(_ settings: [[SymmetryOperation]], _ lattice: Lattice) -> [SymmetryOperation] {
        let fitting = settings.filter { $0.allSatisfy { $0.preserves(lattice) } }
        guard fitting.count > 1 else { return fitting.first ?? settings[0] }
        var best = (score: -1, index: 0)
        for (index, operations) in fitting.enumerated() {
            var score = 0
            for row in 0..<min(atoms.count, Self.rowsCompared) where atoms.multiplicities[row] > 0 {
                if CIFSites.orbitSize(of: atoms.positions[row], operations) == atoms.multiplicities[row] { score += 1 }
            }
            if score > best.score { best = (score, index) }
        }
        return fitting[best.index]
    }
}
