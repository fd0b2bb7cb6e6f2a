import MaterialsCore

/// Appends structures: `/structure` of a candidate store.
///
/// Occupancies and site numbers are written only where a structure is disordered; the first one brings in those of all before it.
final class StructureAppender {
    private let group: HDF5Group
    private let lattice, periodic, offset, atomicNumber, fractional: ChunkAppender
    private var occupancy: ChunkAppender?
    private var site: ChunkAppender?

    init(_ group: HDF5Group) throws {
        self.group = group
        let (rows, parts) = (CandidateStoreSchema.rowsPerChunk, CandidateStoreSchema.partsPerChunk)
        lattice = try Self.column(group, "lattice", .f64, rows / 8, row: [3, 3])
        periodic = try Self.column(group, "periodic", .u8, rows, row: [3])
        offset = try Self.column(group, "offset", .u64, rows)
        atomicNumber = try Self.column(group, "atomic_number", .u8, CandidateStoreSchema.bytesPerChunk)
        fractional = try Self.column(group, "fractional", .f64, parts / 4, row: [3])
        try offset.append([UInt64(0)])
    }

    private static func column(_ group: HDF5Group, _ name: String, _ type: ElementType, _ chunk: Int, row: [Int] = []) throws
        -> ChunkAppender
    {
        ChunkAppender(try group.createDataset(name, type: type, shape: [0] + row, chunk: [chunk] + row, growing: true), isHashed: true)
    }

    var appenders: [ChunkAppender] { [lattice, periodic, offset, atomicNumber, fractional] + [occupancy, site].compactMap(\.self) }

    func append(_ column: StructureColumn) throws {
        if !column.occupancies.isEmpty, occupancy == nil { try startOccupancies() }
        let base = UInt64(atomicNumber.rows)
        if let occupancy, let site {
            let isOrdered = column.occupancies.isEmpty
            try occupancy.append(isOrdered ? [Double](repeating: 1, count: column.atomicNumbers.count) : column.occupancies)
            try site.append(isOrdered ? Self.siteNumbers(column.offsets) : column.sites)
        }
        try lattice.append(column.lattices)
        try periodic.append(column.periodic)
        try offset.append(column.offsets.dropFirst().map { base + UInt64($0) })
        try atomicNumber.append(column.atomicNumbers)
        try fractional.append(column.fractional)
    }

    private static func siteNumbers(_ offsets: [Int]) -> [UInt32] {
        zip(offsets, offsets.dropFirst()).flatMap { 0..<UInt32($1 - $0) }
    }

    /// Everything so far was ordered.
    private func startOccupancies() throws {
        let (o, s) = (
            try Self.column(group, "occupancy", .f64, CandidateStoreSchema.partsPerChunk),
            try Self.column(group, "site", .u32, CandidateStoreSchema.partsPerChunk)
        )
        var last = 0
        try offset.forEachChunk { (offsets: [UInt64]) in
            let ends = [last] + offsets.map { Int($0) }
            last = ends.last!
            let sites = Self.siteNumbers(ends)
            try s.append(sites)
            try o.append([Double](repeating: 1, count: sites.count))
        }
        (occupancy, site) = (o, s)
    }
}
