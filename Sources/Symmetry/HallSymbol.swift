import MaterialsCore

/// Generators of a space group written as a Hall symbol, such as `-P 2ybc`, `R 3 -2"` or `P 61 2 (0 0 -1)`.
///
/// - Scope:  lattices P A B C I R F; a change of basis only as a shift in twelfths
/// - Source: S. R. Hall, Acta Cryst. A37, 517 (1981), doi:10.1107/S0567739481001228
struct HallSymbol {
    private typealias Rows = SymmetryOperation.RotationRows

    /// An operation with its translation in units of 1/24, each from 0 to 23.
    private struct Generator: Hashable {
        var rows: Rows
        var shift: SIMD3<Int>

        func after(_ other: Generator) -> Generator {
            Generator(rows: rows.after(other.rows), shift: HallSymbol.wrapped(rows.apply(other.shift) &+ shift))
        }
    }

    private var generators: [Generator]

    /// Reads a symbol; nil where it is none.
    init?(_ symbol: String) {
        var words = symbol.lowercased().split { $0 == " " || $0 == "_" || $0 == "\t" }.map { Array($0.utf8) }
        var origin = SIMD3<Int>.zero
        if let first = words.firstIndex(where: { $0.first == UInt8(ascii: "(") }) {
            guard let v = Self.shift(words[first...]) else { return nil }
            origin = v
            words.removeSubrange(first...)
        }
        guard let lattice = words.first, let latticeGenerators = Self.lattice(lattice), words.count <= 5 else { return nil }
        generators = latticeGenerators
        var previous = (order: 0, axis: UInt8(ascii: "z"))
        for (position, word) in words.dropFirst().enumerated() {
            guard let generator = Self.generator(word, position: position, &previous) else { return nil }
            generators.append(generator)
        }
        if words.count == 1 { return nil }
        for i in generators.indices {
            // A shift of the origin by v adds v - R v.
            let v = origin
            generators[i].shift = Self.wrapped(generators[i].shift &+ v &- generators[i].rows.apply(v))
        }
    }

    /// The group that the generators make, the identity first; nil where it has more than 192 operations.
    var operations: [SymmetryOperation]? {
        let identity = Generator(rows: .identity, shift: .zero)
        var group = [identity]
        var known: Set<Generator> = [identity]
        var next = 0
        while next < group.count {
            for g in generators {
                let product = g.after(group[next])
                if known.insert(product).inserted { group.append(product) }
                if group.count > 192 { return nil }
            }
            next += 1
        }
        return group.map {
            SymmetryOperation(rows: $0.rows, translation: SIMD3(Double($0.shift.x), Double($0.shift.y), Double($0.shift.z)) / 24)
        }
    }

    private static func wrapped(_ v: SIMD3<Int>) -> SIMD3<Int> {
        func wrap(_ x: Int) -> Int { ((x % 24) + 24) % 24 }
        return SIMD3(wrap(v.x), wrap(v.y), wrap(v.z))
    }

    /// `(0 0 -1)` in twelfths.
    private static func shift(_ words: ArraySlice<[UInt8]>) -> SIMD3<Int>? {
        let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        guard text.hasPrefix("("), text.hasSuffix(")") else { return nil }
        let numbers = text.dropFirst().dropLast().split(separator: " ").map { Int($0) }
        guard numbers.count == 3, let x = numbers[0], let y = numbers[1], let z = numbers[2] else { return nil }
        return wrapped(SIMD3(2 * (x % 12), 2 * (y % 12), 2 * (z % 12)))
    }

    /// Lattice translations, and the inversion of a leading minus sign.
    private static func lattice(_ word: [UInt8]) -> [Generator]? {
        let isCentric = word.first == UInt8(ascii: "-")
        let name = isCentric ? Array(word.dropFirst()) : word
        guard name.count == 1 else { return nil }
        let shifts: [SIMD3<Int>]
        switch name[0] {
        case UInt8(ascii: "p"): shifts = []
        case UInt8(ascii: "a"): shifts = [SIMD3(0, 12, 12)]
        case UInt8(ascii: "b"): shifts = [SIMD3(12, 0, 12)]
        case UInt8(ascii: "c"): shifts = [SIMD3(12, 12, 0)]
        case UInt8(ascii: "i"): shifts = [SIMD3(12, 12, 12)]
        case UInt8(ascii: "r"): shifts = [SIMD3(16, 8, 8), SIMD3(8, 16, 16)]
        case UInt8(ascii: "f"): shifts = [SIMD3(0, 12, 12), SIMD3(12, 0, 12), SIMD3(12, 12, 0)]
        default: return nil
        }
        let inversion = Generator(rows: negative(.identity), shift: .zero)
        return shifts.map { Generator(rows: .identity, shift: $0) } + (isCentric ? [inversion] : [])
    }

    private static func negative(_ rows: Rows) -> Rows { Rows(0 &- rows.x, 0 &- rows.y, 0 &- rows.z) }

    /// One matrix symbol: order, axis, translations.
    private static func generator(_ word: [UInt8], position: Int, _ previous: inout (order: Int, axis: UInt8)) -> Generator? {
        var i = 0
        let isImproper = word[0] == UInt8(ascii: "-")
        if isImproper { i += 1 }
        guard i < word.count, word[i] >= UInt8(ascii: "1"), word[i] <= UInt8(ascii: "6"), word[i] != UInt8(ascii: "5") else { return nil }
        let order = Int(word[i] - UInt8(ascii: "0"))
        i += 1
        var axis = defaultAxis(order, position: position, after: previous.order)
        if i < word.count, Array("xyz'\"*".utf8).contains(word[i]) {
            axis = word[i]
            i += 1
        }
        guard let rows = rotation(order, axis: axis, previousAxis: previous.axis) else { return nil }
        if Array("xyz".utf8).contains(axis) { previous.axis = axis }
        previous.order = order
        guard let shift = translation(word[i...], order: order, axis: axis) else { return nil }
        return Generator(rows: isImproper ? negative(rows) : rows, shift: wrapped(shift))
    }

    private static func defaultAxis(_ order: Int, position: Int, after previous: Int) -> UInt8 {
        switch (position, order) {
        case (1, 2): previous == 3 || previous == 6 ? UInt8(ascii: "'") : UInt8(ascii: "x")
        case (2, 3): UInt8(ascii: "*")
        default: UInt8(ascii: "z")
        }
    }

    /// Letters add up; a digit is a screw part along the axis.
    private static func translation(_ letters: ArraySlice<UInt8>, order: Int, axis: UInt8) -> SIMD3<Int>? {
        var shift = SIMD3<Int>.zero
        for letter in letters {
            switch letter {
            case UInt8(ascii: "a"): shift.x += 12
            case UInt8(ascii: "b"): shift.y += 12
            case UInt8(ascii: "c"): shift.z += 12
            case UInt8(ascii: "n"): shift &+= SIMD3(12, 12, 12)
            case UInt8(ascii: "u"): shift.x += 6
            case UInt8(ascii: "v"): shift.y += 6
            case UInt8(ascii: "w"): shift.z += 6
            case UInt8(ascii: "d"): shift &+= SIMD3(6, 6, 6)
            case UInt8(ascii: "1")...UInt8(ascii: "5"):
                let steps = Int(letter - UInt8(ascii: "0")) * 24 / order
                switch axis {
                case UInt8(ascii: "x"): shift.x += steps
                case UInt8(ascii: "y"): shift.y += steps
                case UInt8(ascii: "z"): shift.z += steps
                default: return nil
                }
            default: return nil
            }
        }
        return shift
    }

    /// Matrices of rotations about z, x, y and the diagonals.
    private static func rotation(_ order: Int, axis: UInt8, previousAxis: UInt8) -> Rows? {
        switch axis {
        case UInt8(ascii: "*"): return order == 3 ? Rows(SIMD3(0, 0, 1), SIMD3(1, 0, 0), SIMD3(0, 1, 0)) : nil
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            guard order == 2 else { return nil }
            let s = axis == UInt8(ascii: "'") ? -1 : 1
            return turned(Rows(SIMD3(0, s, 0), SIMD3(s, 0, 0), SIMD3(0, 0, -1)), to: previousAxis)
        default:
            let aboutZ: Rows
            switch order {
            case 1: aboutZ = .identity
            case 2: aboutZ = Rows(SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1))
            case 3: aboutZ = Rows(SIMD3(0, -1, 0), SIMD3(1, -1, 0), SIMD3(0, 0, 1))
            case 4: aboutZ = Rows(SIMD3(0, -1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1))
            default: aboutZ = Rows(SIMD3(1, -1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1))
            }
            return turned(aboutZ, to: axis)
        }
    }

    /// A matrix about z as one about x or y: the axes change places cyclically.
    private static func turned(_ m: Rows, to axis: UInt8) -> Rows {
        switch axis {
        case UInt8(ascii: "x"): Rows(SIMD3(m.z.z, m.z.x, m.z.y), SIMD3(m.x.z, m.x.x, m.x.y), SIMD3(m.y.z, m.y.x, m.y.y))
        case UInt8(ascii: "y"): Rows(SIMD3(m.y.y, m.y.z, m.y.x), SIMD3(m.z.y, m.z.z, m.z.x), SIMD3(m.x.y, m.x.z, m.x.x))
        default: m
        }
    }
}
