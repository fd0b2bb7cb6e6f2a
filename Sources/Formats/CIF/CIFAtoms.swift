import MaterialsCore

/// The list of atoms of a CIF, as it stands there: rows without an atom (`dum`, occupancy 0) are left out.
struct CIFAtoms {
    private(set) var atomicNumbers: [UInt8] = []
    /// Fractional, or Cartesian in Å.
    private(set) var positions: [SIMD3<Double>] = []
    private(set) var occupancies: [Double] = []
    /// As the file states them; 0 where it does not.
    private(set) var multiplicities: [Int] = []
    /// Byte of the record at which the row begins, for messages.
    private(set) var offsets: [Int] = []
    /// True where positions are Cartesian.
    private(set) var isCartesian = false
    /// True where any column of atoms was seen.
    var isMentioned = false

    private var row = Row()

    private struct Row {
        var label = 0..<0
        var element = 0..<0
        var offset = -1
        var position = SIMD3<Double>(repeating: .nan)
        var cartesian = SIMD3<Double>(repeating: .nan)
        var occupancy = 1.0
        var multiplicity = 0
        var isDummy = false
    }

    var count: Int { positions.count }

    /// Takes a value of the row at hand.
    mutating func set(_ tag: CIFTag, _ token: CIFToken, _ bytes: Span<UInt8>) throws(CIFDefect) {
        if row.offset < 0 { row.offset = token.start }
        switch tag {
        case .label: row.label = CIFNumber.isMissing(bytes, token) ? 0..<0 : token.range
        case .element: row.element = CIFNumber.isMissing(bytes, token) ? 0..<0 : token.range
        case .x: row.position.x = try Self.coordinate(bytes, token)
        case .y: row.position.y = try Self.coordinate(bytes, token)
        case .z: row.position.z = try Self.coordinate(bytes, token)
        case .cartesianX: row.cartesian.x = try Self.coordinate(bytes, token)
        case .cartesianY: row.cartesian.y = try Self.coordinate(bytes, token)
        case .cartesianZ: row.cartesian.z = try Self.coordinate(bytes, token)
        case .occupancy: row.occupancy = try CIFNumber.read(bytes, token) ?? 1
        case .calculation: row.isDummy = CIFTokenizer.matches(bytes, token.start, "dum") && token.range.count == 3
        case .multiplicity:
            let value = CIFNumber.isMissing(bytes, token) ? nil : try? CIFNumber.read(bytes, token)
            row.multiplicity = value.flatMap { Int(exactly: $0) } ?? 0
        default: break
        }
    }

    private static func coordinate(_ bytes: Span<UInt8>, _ token: CIFToken) throws(CIFDefect) -> Double {
        guard let value = try CIFNumber.read(bytes, token) else { return .nan }
        if abs(value) <= 1e6 { return value }
        throw CIFDefect(
            "bad-position", "a coordinate of \(TextBytes.clipped(bytes.extracting(token.range))) is out of range", at: token.start)
    }

    /// Ends the row at hand.
    mutating func endRow(_ bytes: Span<UInt8>) throws(CIFDefect) {
        defer { row = Row() }
        if row.isDummy { return }
        let position = try takePosition(bytes)
        guard row.occupancy >= 0, row.occupancy <= 1 + CIFSites.occupancyTolerance else {
            throw CIFDefect("bad-occupancy", "an occupancy of \(row.occupancy) at \(name(bytes))", at: row.offset)
        }
        if row.occupancy == 0 { return }
        if try addMixture(bytes, at: position) { return }
        var number = CIFElement.atomicNumber(bytes, row.element)
        if row.element.isEmpty { number = CIFElement.atomicNumber(bytes, row.label) }
        guard number > 0 else { throw CIFDefect("unknown-element", "no element in \(name(bytes))", at: row.offset) }
        add(number, row.occupancy, position)
    }

    private func name(_ bytes: Span<UInt8>) -> String {
        let range = row.element.isEmpty || !row.label.isEmpty ? row.label : row.element
        let isUnlike = !row.element.isEmpty && !row.label.isEmpty
        let type = isUnlike ? " (\(TextBytes.clipped(bytes.extracting(row.element))))" : ""
        return range.isEmpty ? "an atom without a label" : "'\(TextBytes.clipped(bytes.extracting(range)))'\(type)"
    }

    private mutating func takePosition(_ bytes: Span<UInt8>) throws(CIFDefect) -> SIMD3<Double> {
        let p = row.position
        if p.x == p.x, p.y == p.y, p.z == p.z, count == 0 || !isCartesian { return Self.snapped(p) }
        let c = row.cartesian
        if c.x == c.x, c.y == c.y, c.z == c.z, count == 0 || isCartesian {
            isCartesian = true
            return c
        }
        throw CIFDefect("missing-coordinates", "\(name(bytes)) has no coordinates", at: row.offset)
    }

    /// 0.3333 and 0.6667 stand for thirds: what is within 10⁻⁴ of 1/3 or 2/3, relatively, is one.
    private static func snapped(_ p: SIMD3<Double>) -> SIMD3<Double> {
        func snap(_ x: Double) -> Double {
            if abs(x / (1.0 / 3) - 1) <= 1e-4 { return 1.0 / 3 }
            return abs(x / (2.0 / 3) - 1) <= 1e-4 ? 2.0 / 3 : x
        }
        return SIMD3(snap(p.x), snap(p.y), snap(p.z))
    }

    /// `0.8Nb + 0.2Zr` as a type symbol names all species of a position.
    private mutating func addMixture(_ bytes: Span<UInt8>, at position: SIMD3<Double>) throws(CIFDefect) -> Bool {
        let range = row.element
        guard range.count > 4, let first = range.first, bytes[first] == UInt8(ascii: ".") || bytes[first] &- 48 < 10 else { return false }
        var i = first
        while i < range.upperBound {
            var end = i
            while end < range.upperBound, bytes[end] == UInt8(ascii: ".") || bytes[end] &- 48 < 10 { end += 1 }
            let occupancy = DecimalNumber.read(bytes.extracting(i..<end))
            while end < range.upperBound, bytes[end] == UInt8(ascii: " ") { end += 1 }
            let number = CIFElement.atomicNumber(bytes, end..<range.upperBound)
            guard case .number(let share) = occupancy, number > 0, share > 0, share <= 1 else {
                throw CIFDefect("unknown-element", "no element in \(name(bytes))", at: row.offset)
            }
            add(number, share, position)
            while end < range.upperBound, bytes[end] != UInt8(ascii: "+") { end += 1 }
            while end < range.upperBound, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: " ") { end += 1 }
            i = end
        }
        return true
    }

    private mutating func add(_ number: UInt8, _ occupancy: Double, _ position: SIMD3<Double>) {
        atomicNumbers.append(number)
        positions.append(position)
        occupancies.append(occupancy)
        multiplicities.append(row.multiplicity)
        offsets.append(row.offset)
    }

    /// Turns Cartesian positions into fractional ones.
    mutating func makeFractional(_ lattice: Lattice) {
        guard isCartesian else { return }
        for i in positions.indices { positions[i] = lattice.fractional(CartesianVector(positions[i])).coordinates }
        isCartesian = false
    }
}
