import MaterialsCore
import Supply
import TestSupport
import Testing

/// The tables in the program against their files, and what the lists must and must not flag.
@Suite struct ElementTableTests {
    private func rows(_ file: String) throws -> [[String: String]] {
        let lines = String(decoding: try dataset("supply/\(file)"), as: UTF8.self).split(separator: "\n").map { cells(String($0)) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    private func cells(_ line: String) -> [String] {
        var (cells, isQuoted) = ([""], false)
        for c in line {
            if c == "\"" { isQuoted.toggle() } else if c == "," && !isQuoted { cells.append("") } else { cells[cells.count - 1].append(c) }
        }
        return cells
    }

    @Test func tablesEqualTheirFiles() throws {
        let entries = try rows("tables.csv")
        #expect(entries.map { $0["name"]! } == ElementTableRegistry.entries.map(\.name))
        for (entry, table) in zip(entries, ElementTableRegistry.entries) {
            #expect(table.kind.rawValue == entry["kind"] && String(table.year) == entry["year"] && (table.unit ?? "") == entry["unit"])
            #expect(table.source == entry["source"] && table.version == entry["version"] && table.license == entry["license"])
            let data = try rows(entry["file"]!)
            if table.kind == .list {
                #expect(table.forms.map(\.text) == data.map { $0["form"]! } && table.forms.map(\.rule) == data.map { $0["rule"]! })
                #expect(table.forms.map { $0.elements.map(\.symbol).joined(separator: " ") } == data.map { $0["elements"]! })
                #expect(table.forms.map(\.effect.rawValue) == data.map { $0["effect"]! })
            } else {
                let expected = data.filter { $0[entry["column"]!] != "" }
                #expect(table.elements.count == expected.count)
                for row in expected {
                    let z = Int(Element(symbol: row["symbol"]!)!.atomicNumber)
                    #expect(table.values[z] == Double(row[entry["column"]!]!), "\(table.name) \(row["symbol"]!)")
                }
            }
        }
    }

    @Test func registryIsAlphabeticalAndComplete() {
        let names = ElementTableRegistry.entries.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
        for table in ElementTableRegistry.entries {
            #expect((1990...2026).contains(table.year) && !table.source.isEmpty && !table.license.isEmpty && !table.version.isEmpty)
            #expect(table.values.count == 119 && !table.elements.isEmpty)
        }
    }

    @Test func sizesOfTheLists() throws {
        func count(_ name: String) throws -> (Int, Int, Int) {
            let t = try ElementTableRegistry.table(named: name)
            return (t.forms.count, t.elements.count, t.reviewElements.count)
        }
        // 17 and 34 entries of the annexes, 60 of the United States, 34 minerals (55 elements less carbon) of Japan.
        #expect(try count("eu_strategic_2024") == (17, 24, 3))
        #expect(try count("eu_critical_2024") == (34, 44, 4))
        #expect(try count("us_critical_2025") == (60, 54, 4))
        #expect(try count("japan_critical_2020") == (34, 54, 0))
        #expect(try count("rohs") == (10, 3, 1))
        #expect(try count("radioactive") == (5, 37, 0))
        #expect(try count("toxic_ich_q3d") == (4, 4, 13))
    }

    @Test func formsDoNotFlagOtherMaterials() throws {
        for table in ElementTableRegistry.entries where table.kind == .list {
            #expect(
                !table.elements.contains(Element(symbol: "C")!) && !table.reviewElements.contains(Element(symbol: "C")!), "\(table.name)")
        }
        let critical = try ElementTableRegistry.table(named: "eu_critical_2024")
        for symbol in ["Na", "K", "Ca"] { #expect(!critical.elements.contains(Element(symbol: symbol)!)) }
        #expect(critical.reviewElements.map(\.symbol) == ["F", "Si", "Ti", "Ba"])
        #expect(critical.elements.contains(Element(symbol: "P")!))
        #expect(try ElementTableRegistry.table(named: "us_critical_2025").reviewElements.map(\.symbol) == ["F", "P", "K", "Ba"])
        #expect(try ElementTableRegistry.table(named: "eu_strategic_2024").reviewElements.map(\.symbol) == ["Mg", "Si", "Ti"])
    }

    @Test func lawsLimits() throws {
        let list = try ElementTableRegistry.list(named: "rohs")
        #expect(list.limits[82] == 0.001 && list.limits[80] == 0.001 && list.limits[48] == 0.0001 && list.limits[24] == 0.001)
        #expect(list.review[24] && !list.listed[24] && list.setsLimits && !list.listed[35])
        #expect(try !ElementTableRegistry.list(named: "eu_strategic_2024").setsLimits)
    }

    @Test func unknownNames() {
        #expect(
            message { _ = try ElementTableRegistry.table(named: "hhi_prodution", line: 3) }.contains(
                "line 3: unknown element table 'hhi_prodution'; did you mean 'hhi_production'?"))
        #expect(
            message { _ = try ElementTableRegistry.list(named: "hhi_production") }.contains(
                "holds numbers, not a list; lists: eu_critical_2024"))
    }
}
