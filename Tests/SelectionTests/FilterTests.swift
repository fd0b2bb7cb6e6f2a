import MaterialsCore
import Selection
import Testing

/// A batch of compositions given as lists of symbols, with one property.
private func batch(_ rows: [[String]], property: [Double]? = nil) -> ScreenedBatch {
    var candidates = CandidateBatch(schema: CandidateSchema())
    for (i, symbols) in rows.enumerated() {
        let composition = Composition(symbols.map { (Element(symbol: $0)!, 1.5) })
        candidates.append(index: CandidateIndex(source: 0, position: i), id: "m\(i)".utf8, composition: composition)
    }
    var result = ScreenedBatch(candidates: candidates, propertyCount: 1)
    if let property { result.set(0, values: property) }
    return result
}

private func list(_ items: String...) -> Setting { Setting(.list(items.map { Setting(.text($0)) }), line: 4) }
private func mapping(_ items: [(String, Double)]) -> Setting {
    Setting(.mapping(items.map { ($0.0, 5, Setting(.number($0.1), line: 5)) }), line: 4)
}

private func kept(_ name: String, _ setting: Setting, _ rows: [[String]]) throws -> [Bool] {
    let filter = try FilterRegistry.entry(named: name).make(setting)
    var keep = [Bool](repeating: true, count: rows.count)
    filter.apply(batch(rows), properties: [], keep: &keep)
    return keep
}

private func message(_ name: String, _ setting: Setting) -> String {
    do {
        _ = try FilterRegistry.entry(named: name, line: 4).make(setting)
        return "accepted"
    } catch { return "\(error)" }
}

@Suite struct FilterTests {
    private let rows = [["Pb", "I"], ["Ti", "O"], ["Cu", "Zn", "Sn", "S"], ["O"], ["Og", "H"]]

    @Test func elementFilters() throws {
        #expect(try kept("exclude_elements", list("Pb", "Og"), rows) == [false, true, true, true, false])
        #expect(try kept("require_elements", list("Ti", "O"), rows) == [false, true, false, false, false])
        #expect(try kept("any_elements", list("I", "S"), rows) == [true, false, true, false, false])
        #expect(try kept("only_elements", list("O", "Ti", "H"), rows) == [false, true, false, true, false])
        #expect(try kept("exclude_elements", Setting(.text("O")), rows) == [true, false, true, false, true])
    }

    @Test func elementCount() throws {
        #expect(try kept("element_count", mapping([("min", 2), ("max", 3)]), rows) == [true, true, false, false, true])
        #expect(try kept("element_count", mapping([("min", 3)]), rows) == [false, false, true, false, false])
        #expect(try kept("element_count", Setting(.number(1)), rows) == [false, false, false, true, false])
    }

    @Test func booleansOfYAMLAreElements() throws {
        let no = Setting(.list([Setting(.boolean(false), source: "No"), Setting(.boolean(true), source: "Y")]))
        #expect(try kept("exclude_elements", no, [["No", "O"], ["Y", "O"], ["O"]]) == [false, false, true])
    }

    @Test func whereDropsUnknown() throws {
        let filter = try FilterRegistry.entry(named: "where").make(Setting(.text(" gap > 1.1 and\n gap < 1.7 ")))
        #expect(filter.requiredProperties == ["gap"] && filter.label == "gap > 1.1 and  gap < 1.7")
        var keep = [true, true, true, false]
        filter.apply(batch([["O"], ["O"], ["O"], ["O"]], property: [1.2, .nan, 1.7, 1.2]), properties: [0], keep: &keep)
        #expect(keep == [true, false, false, false])
    }

    @Test func labels() throws {
        func label(_ name: String, _ s: Setting) throws -> String { try FilterRegistry.entry(named: name).make(s).label }
        #expect(try label("exclude_elements", list("Pb", "Cd")) == "no Cd, Pb")
        #expect(try label("element_count", mapping([("min", 2), ("max", 5)])) == "2 to 5 elements")
        #expect(try label("element_count", mapping([("max", 3)])) == "at most 3 elements")
    }

    @Test func misuse() {
        #expect(message("exclude_element", list("Pb")) == "line 4: unknown filter 'exclude_element'; did you mean 'exclude_elements'?")
        #expect(message("exclude_elements", list("PB")).contains("did you mean 'Pb'"))
        #expect(message("exclude_elements", list("D")).contains("not an element"))
        #expect(message("any_elements", list()).contains("empty"))
        #expect(message("only_elements", Setting(.number(8), line: 4)).contains("line 4"))
        #expect(message("element_count", mapping([("min", 3), ("max", 2)])).contains("above"))
        #expect(message("element_count", mapping([("minn", 3)])).contains("did you mean 'min'"))
        #expect(message("element_count", mapping([])).contains("needs"))
        #expect(message("element_count", Setting(.number(2.5))).contains("whole"))
        #expect(message("where", Setting(.text("gap"), line: 9)).hasPrefix("line 9: 'gap' is a number"))
        #expect(message("where", Setting(.text("1 < 2"), line: 9)).contains("no property"))
        #expect(message("where", Setting(.text("gap >"), line: 9)).hasPrefix("line 9: expression 'gap >', column 6"))
        #expect(message("where", Setting(.number(1))).contains("expression"))
    }

    @Test func registryIsAlphabeticalAndFiltersOnlyDrop() throws {
        let names = FilterRegistry.entries.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
        for entry in FilterRegistry.entries {
            let setting =
                switch entry.name {
                case "where": Setting(.text("p >= 0"))
                case "element_count": Setting(.number(2))
                case "restrict": Setting(.mapping([("tables", 5, Setting(.mapping([("any", 5, Setting(.text("1 wt%")))])))]))
                default: list("O", "Ti")
                }
            let filter = try entry.make(setting).resolvingElementLists { name, _ in ElementList(name: name, edition: "2024") }
            #expect(!filter.label.isEmpty)
            var keep = [Bool](repeating: false, count: rows.count)
            filter.apply(batch(rows, property: [0, 0, 0, 0, 0]), properties: filter.requiredProperties.isEmpty ? [] : [0], keep: &keep)
            #expect(keep == [Bool](repeating: false, count: rows.count), "\(entry.name) brings a dropped row back")
        }
    }
}
