import Descriptors
import Formats
import MaterialsCore
import Models
import Selection

/// `matsieve list KIND NAME`: the settings that a part asks for, told by the part itself.
enum SettingsListing {
    private struct Item: Encodable {
        let of: String?
        let key: String
        let takes: String
        let `default`: String?
    }

    /// Settings, with the mapping that they stand in where that is not the part's own.
    private struct Found {
        var settings: [(subject: String?, setting: SettingDescription)]
        /// How it stands in a plan.
        var example: String?
        /// Why more may follow.
        var missing: String?
    }

    /// The settings, one a line or as JSON.
    static func describe(_ what: String, name: String, json: Bool) throws -> String {
        let found: Found
        switch what {
        case "models": found = try ofModel(name)
        case "descriptors": found = try ofDescriptor(name)
        case "rankings": found = try ofRanking(name)
        case "acquisitions": found = try ofAcquisition(name)
        case "filters": found = try ofFilter(name)
        case "properties": found = try ofProperty(name)
        case "sources": found = try ofSource(name)
        case "formats":
            if name != RegistryListing.storeFormat { _ = try FormatRegistry.isTable(named: name) }
            found = Found(settings: [])
        default: throw MatSieveError.usage("list \(what): there is no such list" + suggestion(for: what, among: RegistryListing.kinds))
        }
        if json {
            return try JSONText.line(
                found.settings.map { Item(of: $0.subject, key: $0.setting.key, takes: $0.setting.kind, default: $0.setting.defaultText) })
        }
        return lines(name, found).joined(separator: "\n")
    }

    private static func lines(_ name: String, _ found: Found) -> [String] {
        let example = found.example.map { ["example: \($0)"] } ?? []
        if found.settings.isEmpty { return ["\(name) has no settings"] + example }
        let rows = found.settings.map { [$0.setting.key, $0.setting.kind, $0.setting.defaultText.map { "(\($0))" } ?? ""] }
        var lines = [name]
        for (line, setting) in zip(TextTable.lines(rows, leading: 3), found.settings) {
            lines.append(line + (setting.subject.map { "  in \($0)" } ?? ""))
        }
        return lines + example + (found.missing.map { ["more may follow: \($0)"] } ?? [])
    }

    /// Asked for by a fit to a few made-up rows, which is cancelled as soon as it asks.
    private static func ofModel(_ name: String) throws -> Found {
        let entry = try ModelRegistry.entry(named: name)
        let values = (0..<40).map(Double.init)
        let data = TrainingData(features: FeatureMatrix(rows: 40, columns: 1, values: values), targets: values, featureNames: ["x"])
        var settings = Settings(subject: "model '\(name)'")
        var missing: String?
        do {
            _ = try entry.fit(data, &settings, TrainingContext(isCancelled: { true }))
        } catch let e as MatSieveError where e.kind == .usage { missing = e.message } catch is MatSieveError {}
        return Found(settings: settings.descriptions.map { (nil, $0) }, missing: missing)
    }

    /// Asked for while it is made from nothing; one that needs something says so.
    private static func ofDescriptor(_ name: String) throws -> Found {
        let entry = try DescriptorRegistry.entry(named: name)
        var settings = Settings(subject: "descriptor '\(name)'")
        var missing: String?
        do { _ = try entry.make(&settings) } catch let e as MatSieveError { missing = e.message }
        return Found(settings: settings.descriptions.map { (nil, $0) }, missing: missing)
    }

    /// Asked for by a plan's `ranking` that has all that can be nested in it.
    private static func ofRanking(_ name: String) throws -> Found {
        _ = try RankingRegistry.entry(named: name)
        let plan = try YAMLSettings.decode(
            "{method: \(name), constraints: [{property: a, above: 0}], at_most: {count: 1}, diversity: {method: determinantal}, samples: 1}",
            subject: "ranking")
        let objectives = ["a", "b"].map { Objective(property: $0, maximize: true, range: 0...1) }
        return found(top: "ranking") { _ = try RankingPlan(plan, objectives: objectives, seed: 0) }
    }

    /// Asked for at the start of a search in which nothing is measured.
    private static func ofAcquisition(_ name: String) throws -> Found {
        let entry = try AcquisitionRegistry.entry(named: name)
        let rows = FeatureMatrix(rows: 3, columns: 1, values: [-1, 0, 1])
        var fitted = Settings()
        let posterior = try PosteriorRegistry.entries[0].fit(rows, rows.values, &fitted, TrainingContext())
        let objectives = (0..<entry.traits.objectives.lowerBound).map {
            SearchObjective(name: "\($0)", maximize: true, posterior: posterior)
        }
        let state = SearchState(
            objectives: objectives, known: FeatureMatrix(rows: 0, columns: 1), medians: objectives.map { _ in 0 }, seed: 0)
        return found(top: "method '\(name)'") {
            var settings = Settings(subject: "method '\(name)'")
            _ = try entry.make(&settings, state)
        }
    }

    private static func ofFilter(_ name: String) throws -> Found {
        let entry = try FilterRegistry.entry(named: name)
        let item = try Settings(try YAMLSettings.decode("{\(entry.example)}", subject: name), subject: name)
        return found(example: "- " + entry.example, top: name, "'\(name)'") {
            var item = item
            _ = try entry.make(item.setting(name) ?? Setting(.null))
        }
    }

    private static func ofProperty(_ name: String) throws -> Found {
        let all = PropertyKindRegistry.entries
        guard let entry = all.first(where: { $0.name == name }) else {
            throw MatSieveError.usage("no kind of property '\(name)'" + suggestion(for: name, among: all.map(\.name)))
        }
        let item = try YAMLSettings.decode(entry.example, subject: name)
        return found(example: "property: " + entry.example, top: name) {
            var settings = try Settings(item, subject: name)
            _ = try entry.make(&settings, PropertyHead(name: "property", line: 0, seed: 0))
        }
    }

    private static func ofSource(_ name: String) throws -> Found {
        let all = CandidateSourceRegistry.entries
        guard let entry = all.first(where: { $0.name == name }) else {
            throw MatSieveError.usage("no source '\(name)' of candidates" + suggestion(for: name, among: all.map(\.name)))
        }
        let item = try YAMLSettings.decode("{\(entry.example)}", subject: name)
        return found(example: "- " + entry.example, top: name) {
            var settings = try Settings(item, subject: name)
            _ = try entry.make(&settings)
        }
    }

    /// What is asked for; the mapping `top` needs no name.
    private static func found(example: String? = nil, top: String..., read: () throws -> Void) -> Found {
        let (asked, error) = SettingsRecord.during(read)
        return Found(
            settings: asked.map { (top.contains($0.subject) ? nil : $0.subject.replacing("'", with: ""), $0.setting) }, example: example,
            missing: error?.message)
    }
}
