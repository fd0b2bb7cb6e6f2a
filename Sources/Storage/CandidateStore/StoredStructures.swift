import MaterialsCore

/// The structures of an open store.
struct StoredStructures: Sendable {
    let lattice, periodic, offset, atomicNumber, fractional: StoredColumn
    let occupancy, site: StoredColumn?

    init(_ group: HDF5Group) throws {
        lattice = try StoredColumn(group.dataset("lattice"), as: .f64, row: [3, 3])
        periodic = try StoredColumn(group.dataset("periodic"), as: .u8, row: [3])
        offset = try StoredColumn(group.dataset("offset"), as: .u64)
        atomicNumber = try StoredColumn(group.dataset("atomic_number"), as: .u8)
        fractional = try StoredColumn(group.dataset("fractional"), as: .f64, row: [3])
        let isDisordered = group.contains("occupancy")
        occupancy = isDisordered ? try StoredColumn(group.dataset("occupancy"), as: .f64) : nil
        site = isDisordered ? try StoredColumn(group.dataset("site"), as: .u32) : nil
    }

    func checkLengths(rows: Int) throws {
        func check(_ column: StoredColumn, _ expected: Int) throws {
            guard column.count == expected else { throw column.dataset.damaged("has \(column.count) rows instead of \(expected)") }
        }
        try check(offset, rows + 1)
        try check(lattice, rows)
        try check(periodic, rows)
        try check(fractional, atomicNumber.count)
        if let occupancy { try check(occupancy, atomicNumber.count) }
        if let site { try check(site, atomicNumber.count) }
    }

    /// Rows whose structure cannot be computed with; a foreign program may have written anything.
    static func faults(_ column: StructureColumn) -> [(row: Int, defect: CandidateDefect)] {
        (0..<column.count).compactMap { row in
            fault(column, row).map { (row, CandidateDefect("bad-structure", "the store gives \($0)")) }
        }
    }

    private static func fault(_ column: StructureColumn, _ row: Int) -> String? {
        let range = column.offsets[row]..<column.offsets[row + 1]
        if range.isEmpty { return nil }
        if let fault = column.occupancies.isEmpty ? nil : occupancyFault(column, range) { return fault }
        do throws(CandidateDefect) { try column[row]?.checkLimits() } catch { return "a structure with \(error.reason): \(error.detail)" }
        return nil
    }

    private static func occupancyFault(_ column: StructureColumn, _ range: Range<Int>) -> String? {
        for i in range where !(column.occupancies[i] > 0 && column.occupancies[i] <= 1) { return "the occupancy \(column.occupancies[i])" }
        var last: UInt32 = 0
        for i in range {
            let isNext = i == range.lowerBound ? column.sites[i] == 0 : column.sites[i] == last || column.sites[i] == last &+ 1
            if !isNext { return "site numbers with gaps" }
            last = column.sites[i]
        }
        return nil
    }
}

/// Fetched structures of some rows; decoded later.
struct StructureSlice: Sendable {
    let offsets: [Int]
    let lattice, periodic, atomicNumber, fractional: ColumnSlice
    let occupancy, site: ColumnSlice?

    func decode() throws -> DecodedStructures {
        let column = StructureColumn(
            lattices: try lattice.values(), periodic: try periodic.values(), offsets: rebased(offsets, 0..<offsets.count - 1),
            atomicNumbers: try atomicNumber.values(), fractional: try fractional.values(), occupancies: try occupancy?.values() ?? [],
            sites: try site?.values() ?? [])
        return DecodedStructures(column: column)
    }
}

/// The inflated structures of a block.
struct DecodedStructures {
    let column: StructureColumn

    /// Some of its rows; occupancies are left out where all are 1.
    func rows(_ rows: Range<Int>) -> StructureColumn {
        let parts = column.offsets[rows.lowerBound]..<column.offsets[rows.upperBound]
        let isOrdered = column.occupancies.isEmpty || column.occupancies[parts].allSatisfy { $0 == 1 }
        return StructureColumn(
            lattices: Array(column.lattices[9 * rows.lowerBound..<9 * rows.upperBound]),
            periodic: Array(column.periodic[3 * rows.lowerBound..<3 * rows.upperBound]), offsets: rebased(column.offsets, rows),
            atomicNumbers: Array(column.atomicNumbers[parts]),
            fractional: Array(column.fractional[3 * parts.lowerBound..<3 * parts.upperBound]),
            occupancies: isOrdered ? [] : Array(column.occupancies[parts]), sites: isOrdered ? [] : Array(column.sites[parts]))
    }
}

/// Goes through the structures of a store.
struct StructureCursor {
    private var offset, lattice, periodic, atomicNumber, fractional: ColumnCursor
    private var occupancy, site: ColumnCursor?

    init(_ stored: StoredStructures) {
        (offset, lattice, periodic) = (ColumnCursor(stored.offset), ColumnCursor(stored.lattice), ColumnCursor(stored.periodic))
        (atomicNumber, fractional) = (ColumnCursor(stored.atomicNumber), ColumnCursor(stored.fractional))
        (occupancy, site) = (stored.occupancy.map { ColumnCursor($0) }, stored.site.map { ColumnCursor($0) })
    }

    mutating func fetch(_ rows: Range<Int>) throws -> StructureSlice {
        let offsets = try offset.offsets(rows, total: atomicNumber.column.count)
        let parts = offsets.first!..<offsets.last!
        return StructureSlice(
            offsets: offsets, lattice: try lattice.fetch(rows), periodic: try periodic.fetch(rows),
            atomicNumber: try atomicNumber.fetch(parts), fractional: try fractional.fetch(parts), occupancy: try occupancy?.fetch(parts),
            site: try site?.fetch(parts))
    }
}
