import MaterialsCore

extension ColumnScaling {
    /// The entries `source_columns`, `kept`, `means`, `factors`, `lows`, `highs` and `roots`.
    var archive: ParameterArchive {
        func column(_ values: [Double]) -> ParameterArchive.Entry { .doubles(values, shape: [values.count]) }
        return ParameterArchive([
            "source_columns": .integers([Int64(sourceColumns)], shape: [1]),
            "kept": .integers(kept.map { Int64($0) }, shape: [kept.count]),
            "means": column(means), "factors": column(factors), "lows": column(lows), "highs": column(highs),
            "roots": .bytes(isRoot.map { $0 ? 1 : 0 }),
        ])
    }

    /// Reads the entries of `archive`.
    /// - Throws: `MatSieveError.input` where they are damaged.
    init(archive: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the scaling of the columns is damaged or from another version; train it anew")
        let kept = try archive.integers("kept")
        let sourceColumns = try archive.integer("source_columns")
        guard sourceColumns > 0, kept.allSatisfy({ $0 >= 0 && $0 < Int64(sourceColumns) }),
            zip(kept, kept.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw damaged }
        func column(_ name: String) throws -> [Double] {
            let values = try archive.doubles(name, count: kept.count)
            guard values.allSatisfy(\.isFinite) else { throw damaged }
            return values
        }
        let roots = try archive.bytes("roots")
        guard roots.count == kept.count, roots.allSatisfy({ $0 <= 1 }) else { throw damaged }
        self.init(
            sourceColumns: sourceColumns, kept: kept.map { Int($0) }, means: try column("means"), factors: try column("factors"),
            lows: try column("lows"), highs: try column("highs"), isRoot: roots.map { $0 != 0 })
        guard zip(lows, highs).allSatisfy({ $0 <= $1 }) else { throw damaged }
    }
}
