import MaterialsCore
import Selection
import Testing

@Suite struct RestrictTests {
    /// Lead and cadmium with limits of 0.1 and 0.01 %, chromium in review at 0.1 %.
    private static var restricted: ElementList {
        var list = ElementList(name: "rohs", edition: "2015, amended")
        (list.listed[82], list.listed[48], list.review[24]) = (true, true, true)
        (list.limits[82], list.limits[48], list.limits[24]) = (0.001, 0.0001, 0.001)
        return list
    }
    private static var strategic: ElementList {
        var list = ElementList(name: "strategic", edition: "2024")
        (list.listed[3], list.listed[27]) = (true, true)
        return list
    }

    private func screened(_ formulas: [String]) throws -> ScreenedBatch {
        var batch = CandidateBatch(schema: CandidateSchema())
        for (i, f) in formulas.enumerated() {
            batch.append(index: CandidateIndex(source: 0, position: i), id: f.utf8, composition: try Composition(formula: f))
        }
        return ScreenedBatch(candidates: batch, propertyCount: 0)
    }

    private func setting(_ tables: [(String, String)], review: String? = nil) -> Setting {
        let limits = Setting(.mapping(tables.map { ($0.0, 5, Setting(.text($0.1), line: 5)) }), line: 5)
        return Setting(.mapping([("tables", 5, limits)] + (review.map { [("review", 6, Setting(.text($0), line: 6))] } ?? [])), line: 4)
    }

    private func filter(_ tables: [(String, String)], review: String? = nil) throws -> any CandidateFilter {
        try FilterRegistry.entry(named: "restrict").make(setting(tables, review: review)).resolvingElementLists { name, line in
            guard let list = [Self.restricted, Self.strategic].first(where: { $0.name == name }) else {
                throw Settings.error(line, "no \(name)")
            }
            return list
        }
    }

    private func kept(_ filter: any CandidateFilter, _ formulas: [String]) throws -> [Bool] {
        var keep = [Bool](repeating: true, count: formulas.count)
        filter.apply(try screened(formulas), properties: [], keep: &keep)
        return keep
    }

    private func refused(_ tables: [(String, String)], review: String? = nil) -> String {
        do {
            _ = try filter(tables, review: review)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test func severalListsAtOnce() throws {
        let f = try filter([("strategic", "5 wt%"), ("rohs", "law")])
        #expect(f.label == "strategic up to 5 wt%, rohs within the law's limits" && f.requiredProperties.isEmpty)
        // Li is 4.4 % of LiFePO4 and 7.1 % of LiCoO2, Co is more.
        #expect(try kept(f, ["LiFePO4", "LiCoO2", "PbTe", "CdS", "ZnS", "K2CrO4"]) == [true, false, false, false, true, true])
    }

    @Test func anElementMayReachItsLimit() throws {
        let f = try filter([("strategic", "50 %")])
        let half = 58.933195 / 55.845
        var batch = CandidateBatch(schema: CandidateSchema())
        for (i, iron) in [half, half.nextDown.nextDown].enumerated() {
            let composition = Composition([(Element(symbol: "Fe")!, iron), (Element(symbol: "Co")!, 1.0)])
            batch.append(index: CandidateIndex(source: 0, position: i), id: "a".utf8, composition: composition)
        }
        var keep = [true, true]
        f.apply(ScreenedBatch(candidates: batch, propertyCount: 0), properties: [], keep: &keep)
        #expect(keep[0])
        #expect(try kept(filter([("strategic", "none")]), ["Co0.0001Fe", "Fe"]) == [false, true])
        #expect(try kept(filter([("strategic", "200 ppm")]), ["Co0.0001Fe", "Co0.001Fe"]) == [true, false])
    }

    @Test func reviewIsKeptAndCountedOrDropped() throws {
        let formulas = ["K2CrO4", "Cr0.0001Fe", "ZnS"]
        let keeping = try filter([("rohs", "law")])
        #expect(try kept(keeping, formulas) == [true, true, true])
        let remarks = keeping.remarks(on: try screened(formulas), keep: [true, true, true])
        #expect(remarks.count == 1 && remarks[0].rows == 1 && remarks[0].remark == "kept, but in review by rohs (2015, amended)")
        #expect(keeping.remarks(on: try screened(formulas), keep: [false, true, true]).isEmpty)
        let dropping = try filter([("rohs", "law")], review: "drop")
        #expect(try kept(dropping, formulas) == [false, true, true])
        #expect(dropping.remarks(on: try screened(formulas), keep: [false, true, true]).isEmpty)
    }

    @Test func refusals() {
        #expect(refused([("strategic", "law")]) == "line 5: 'strategic' sets no limits of its own; give one, such as 1 wt%")
        #expect(refused([("strategic", "1")]).contains("limit '1' of 'strategic' must be a share of the mass"))
        #expect(refused([("strategic", "-1 wt%")]).contains("must be a share"))
        #expect(refused([("strategic", "120 %")]).contains("must be a share"))
        #expect(refused([("rohss", "law")]).contains("line 5: no rohss"))
        #expect(refused([]).contains("needs 'tables'"))
        #expect(refused([("rohs", "law")], review: "maybe").contains("'maybe' is not a review"))
    }
}
