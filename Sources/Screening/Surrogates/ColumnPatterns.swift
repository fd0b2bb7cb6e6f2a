import MaterialsCore

extension TrainingPlan {
    /// The plan with `x*` among its columns replaced by the columns of the table that fit it, in their order.
    ///
    /// A star stands for any text. Columns that are learned, weigh the rows, hold folds or name the candidate are no features, and a
    /// column is taken once.
    /// - Throws: `MatSieveError.usage` where none fits.
    func expandingColumnPatterns(path: String) throws -> TrainingPlan {
        guard columns.contains(where: { $0.name.contains("*") }) else { return self }
        let names = try CandidateInput.columnNames(path, format: format)
        let present = Set(names)
        var taken = Set(tableColumns { _ in .numeric }.map(\.name))
        taken.formUnion(SuggestionColumns.labels + [keys.formula, keys.id, keys.structure].compactMap(\.self))
        var result = self
        result.columns = try columns.flatMap { column in
            if !column.name.contains("*") || present.contains(column.name) { return [column] }
            let parts = column.name.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
            let found = names.filter { !taken.contains($0) && Self.fits(Array($0.utf8), parts) }
            if found.isEmpty { throw MatSieveError.usage("columns '\(column.name)': \(path) has no further column of such a name") }
            taken.formUnion(found)
            return found.map { CandidateColumn(name: $0, kind: column.kind) }
        }
        return result
    }

    /// Whether a name begins with the first part, ends with the last, and holds the others in order between them.
    private static func fits(_ name: [UInt8], _ parts: [[UInt8]]) -> Bool {
        guard name.starts(with: parts[0]), name.count >= parts[0].count + parts.last!.count else { return false }
        guard name.reversed().starts(with: parts.last!.reversed()) else { return false }
        var rest = name[parts[0].count..<name.count - parts.last!.count]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
