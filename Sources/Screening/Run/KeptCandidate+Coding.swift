import MaterialsCore

extension KeptCandidate {
    /// Appends the candidate to a checkpoint or shard file.
    func encode(to writer: inout ByteWriter) {
        writer.write(index.rawValue)
        writer.write(id)
        writer.write(composition.atomicNumbers)
        writer.write(composition.amounts)
        writer.write(group)
        writer.write(objectives)
        writer.write(objectiveSpreads)
        writer.write(values)
        writer.write(spreads)
        writer.write(count: texts.count)
        for t in texts { writer.write(t) }
        writer.write(UInt8(structure == nil ? 0 : 1))
        structure?.encode(to: &writer)
    }

    /// Reads what `encode` wrote.
    init(from reader: inout ByteReader) throws {
        let index = CandidateIndex(rawValue: try reader.read())
        let id = try reader.readString()
        let z = try reader.readBytes()
        let amounts = try reader.readDoubles()
        guard z.count == amounts.count, z.allSatisfy({ (1...118).contains($0) }) else {
            throw MatSieveError.input("a checkpoint or shard holds an impossible composition; it is damaged")
        }
        self.init(
            index: index, id: id, composition: Composition(sortedAtomicNumbers: z, amounts: amounts), group: try reader.readString(),
            objectives: try reader.readDoubles(), objectiveSpreads: try reader.readDoubles(), values: try reader.readDoubles(),
            spreads: try reader.readDoubles(),
            texts: try (0..<reader.readCount(elementSize: 8)).map { _ in try reader.readString() },
            structure: try reader.read(UInt8.self) == 1 ? try CrystalStructure(from: &reader) : nil)
    }
}

extension RankingState {
    /// Appends what a ranking holds to a checkpoint or shard file.
    func encode(to writer: inout ByteWriter) {
        writer.write(count: statistics.count)
        for s in statistics { s.encode(to: &writer) }
        writer.write(count: held.count)
        for candidate in held { candidate.encode(to: &writer) }
    }

    /// Reads what `encode` wrote.
    init(from reader: inout ByteReader) throws {
        let statistics = try (0..<reader.readCount(elementSize: 16)).map { _ in try ColumnStatistics(from: &reader) }
        self.init(held: try (0..<reader.readCount(elementSize: 8)).map { _ in try KeptCandidate(from: &reader) }, statistics: statistics)
    }
}

extension CrystalStructure {
    /// Appends the structure to a checkpoint or shard file.
    fileprivate func encode(to writer: inout ByteWriter) {
        for axis in 0..<3 { for k in 0..<3 { writer.write(lattice[axis].angstroms[k]) } }
        for axis in 0..<3 { writer.write(UInt8(periodicity[axis] ? 1 : 0)) }
        writer.write(atomicNumbers)
        for p in positions { for k in 0..<3 { writer.write(p.coordinates[k]) } }
        writer.write(occupancies)
        for site in sites { writer.write(site) }
    }

    /// Reads what `encode` wrote.
    fileprivate init(from reader: inout ByteReader) throws {
        func vector() throws -> SIMD3<Double> { SIMD3(try reader.readDouble(), try reader.readDouble(), try reader.readDouble()) }
        let (a, b, c) = (try vector(), try vector(), try vector())
        let axes = try (0..<3).map { _ in try reader.read(UInt8.self) == 1 }
        let numbers = try reader.readBytes()
        let positions = try numbers.map { _ in
            let p = try vector()
            return FractionalPosition(p.x, p.y, p.z)
        }
        let occupancies = try reader.readDoubles()
        let sites: [UInt32] = try occupancies.map { _ in try reader.read() }
        guard occupancies.isEmpty || occupancies.count == numbers.count else {
            throw MatSieveError.input("a checkpoint or shard holds an impossible structure; it is damaged")
        }
        self.init(
            lattice: Lattice(a: CartesianVector(a), b: CartesianVector(b), c: CartesianVector(c)),
            periodicity: Periodicity(axes[0], axes[1], axes[2]), atomicNumbers: numbers, positions: positions, occupancies: occupancies,
            sites: sites)
        do throws(CandidateDefect) { try checkLimits() } catch {
            throw MatSieveError.input("a checkpoint or shard holds an impossible structure (\(error.detail)); it is damaged")
        }
    }
}
