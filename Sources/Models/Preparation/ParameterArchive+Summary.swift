import MaterialsCore

extension ParameterArchive {
    /// Settings used and findings, as stored by `setSummary`.
    func summary() throws -> [String: String] {
        let (keys, values) = (try strings("summary_keys"), try strings("summary_values"))
        guard keys.count == values.count else { throw MatSieveError.input("model file: its summary is damaged; train it anew") }
        return Dictionary(zip(keys, values), uniquingKeysWith: { first, _ in first })
    }

    /// Stores settings used and findings.
    mutating func setSummary(_ summary: [String: String]) {
        let keys = summary.keys.sorted()
        self["summary_keys"] = .strings(keys)
        self["summary_values"] = .strings(keys.map { summary[$0]! })
    }
}
