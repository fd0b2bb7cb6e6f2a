import MaterialsCore

/// `ranking.csv`: rank, id, formula, score, each property followed by `<name>_std` where known, objectives that are no
/// property, columns of the method, text columns. Classes stand under their names. Best first.
public enum RankingCSV {
    /// The text of the file.
    public static func text(_ report: RunReport) -> String {
        let known = Set(report.properties.map(\.name))
        let objectives = report.objectives.indices.filter { !known.contains(report.objectives[$0].property) }
        var out = ""
        CSVText.append(header(report, objectives), to: &out)
        for row in report.ranking.rows { CSVText.append(cells(row, report, objectives), to: &out) }
        return out
    }

    private static func header(_ report: RunReport, _ objectives: [Int]) -> [String] {
        let properties = report.properties.flatMap { $0.hasSpread ? [$0.name, $0.name + "_std"] : [$0.name] }
        return ["rank", "id", "formula", "score"] + properties + objectives.map { report.objectives[$0].property }
            + report.ranking.extraColumns + report.ranking.textColumns
    }

    private static func cells(_ row: RankedRow, _ report: RunReport, _ objectives: [Int]) -> [String] {
        var cells = ["\(row.rank)", row.id, row.formula, CSVText.number(row.score)]
        for (i, property) in report.properties.enumerated() {
            cells.append(property.className(row.values[i]) ?? CSVText.number(row.values[i]))
            if property.hasSpread { cells.append(CSVText.number(row.spreads[i])) }
        }
        return cells + objectives.map { CSVText.number(row.objectives[$0]) } + row.extras.map(CSVText.number) + row.texts
    }
}
