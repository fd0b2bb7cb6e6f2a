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
            texts: try (0..<reader.readCount(elementSize: 8)).map { _ in try reader.readString() })
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
