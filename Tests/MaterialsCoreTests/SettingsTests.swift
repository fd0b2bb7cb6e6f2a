import MaterialsCore
import Testing

private func mapping(_ pairs: [(String, Setting)]) -> Setting { Setting(.mapping(pairs.map { ($0.0, 1, $0.1) }), line: 1) }

@Suite struct SettingsTests {
    @Test func numbersThatReadAsDifferentTextsAreDifferentSettings() throws {
        func column(_ source: String) throws -> (text: String?, canonical: String) {
            let number = try #require(Double(source))
            var settings = try Settings(mapping([("column", Setting(.number(number), line: 1, source: source))]), subject: "test")
            return (try settings.text("column"), settings.canonicalText)
        }
        let sources = ["1", "01", "1.0", "+1", "1e0", "10", "-0", "0", "0.10", "0.1", "1e3", "1000", "1e300", "1e+300"]
        let read = try sources.map(column)
        #expect(read.map(\.text) == sources)
        #expect(Set(read.map(\.canonical)).count == sources.count)
    }

    @Test func remembersWhatItWasAskedFor() throws {
        var settings = Settings(subject: "test")
        _ = try settings.integer("trees", default: 100, in: 1...5000)
        _ = try settings.number("rate", default: 0.5, in: 0...1)
        _ = try settings.boolean("robust", default: true)
        _ = try settings.text("column")
        #expect(settings.descriptions.map(\.key) == ["trees", "rate", "robust", "column"])
        #expect(settings.descriptions.map(\.defaultText) == ["100", "0.5", "true", nil])
        #expect(settings.descriptions[0].kind == "whole number from 1 to 5000" && settings.descriptions[1].kind == "number from 0 to 1")
    }

    @Test func orderAndPlaceDoNotMatter() {
        let a = mapping([("keep", Setting(.number(5), line: 2, source: "5")), ("name", Setting(.text("x"), line: 3, source: "x"))])
        let b = mapping([("name", Setting(.text("x"))), ("keep", Setting(.number(5), line: 9))])
        #expect(a.canonicalText == b.canonicalText && a.canonicalText == "{\"keep\":5.0,\"name\":\"x\"}")
    }

    @Test func quotesInKeysAndTextsStayInTheirPlace() {
        let one = mapping([("a\":\"x\",\"b", Setting(.text("y")))])
        let two = mapping([("a", Setting(.text("x"))), ("b", Setting(.text("y")))])
        #expect(one.canonicalText != two.canonicalText)
    }
}
