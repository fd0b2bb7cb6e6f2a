import Reporting

/// The ten best of a run as an aligned table for a terminal.
enum BestLines {
    static func lines(_ report: RunReport) -> [String] {
        guard !report.ranking.rows.isEmpty else { return [] }
        let rows = [header(report)] + report.ranking.rows.prefix(10).map { cells($0, report) }
        let widths = rows[0].indices.map { c in rows.map { $0[c].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { padded($0, to: $1) }.joined(separator: "  ")
        }
    }

    private static func header(_ report: RunReport) -> [String] {
        ["rank", "id", "formula"] + report.properties.map { p in p.unit.map { "\(p.name) (\($0))" } ?? p.name }
    }

    private static func cells(_ row: RankedRow, _ report: RunReport) -> [String] {
        let values = report.properties.indices.map { i in
            let spread = report.properties[i].hasSpread ? row.spreads[i].map { " ± \(shortText($0))" } ?? "" : ""
            if report.properties[i].name == knownPropertyName { return row.known.isEmpty ? "" : "known" }
            return report.properties[i].className(row.values[i]) ?? row.values[i].map { shortText($0) + spread } ?? "–"
        }
        return ["\(row.rank)", row.id, row.formula] + values
    }
}
