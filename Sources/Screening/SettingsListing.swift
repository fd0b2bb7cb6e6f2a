import Descriptors
import MaterialsCore
import Models

/// `matsieve list models NAME`, `matsieve list descriptors NAME`: the settings that a part asks for, told by the part itself.
enum SettingsListing {
    private struct Item: Encodable {
        let key: String
        let takes: String
        let `default`: String?
    }

    /// The settings, one a line or as JSON.
    static func describe(_ what: String, name: String, json: Bool) throws -> String {
        let (found, missing) =
            switch what {
            case "models": try ofModel(name)
            case "descriptors": try ofDescriptor(name)
            default: throw MatSieveError.usage("list \(what) \(name): settings are listed of models and descriptors")
            }
        if json { return try JSONText.line(found.map { Item(key: $0.key, takes: $0.kind, default: $0.defaultText) }) }
        if found.isEmpty { return "\(name) has no settings" }
        let rows = found.map { [$0.key, $0.kind, $0.defaultText.map { "(\($0))" } ?? ""] }
        return ([name] + TextTable.lines(rows, leading: 3) + (missing.map { ["more may follow: \($0)"] } ?? [])).joined(separator: "\n")
    }

    /// Asked for by a fit to a few made-up rows, which is cancelled as soon as it asks.
    private static func ofModel(_ name: String) throws -> ([SettingDescription], missing: String?) {
        let entry = try ModelRegistry.entry(named: name)
        let values = (0..<40).map(Double.init)
        let data = TrainingData(features: FeatureMatrix(rows: 40, columns: 1, values: values), targets: values, featureNames: ["x"])
        var settings = Settings(subject: "model '\(name)'")
        do {
            _ = try entry.fit(data, &settings, TrainingContext(isCancelled: { true }))
        } catch let e as MatSieveError where e.kind == .usage { return (settings.descriptions, e.message) } catch is MatSieveError {}
        return (settings.descriptions, nil)
    }

    /// Asked for while it is made from nothing; one that needs something says so.
    private static func ofDescriptor(_ name: String) throws -> ([SettingDescription], missing: String?) {
        let entry = try DescriptorRegistry.entry(named: name)
        var settings = Settings(subject: "descriptor '\(name)'")
        do { _ = try entry.make(&settings) } catch let e as MatSieveError { return (settings.descriptions, e.message) }
        return (settings.descriptions, nil)
    }
}
