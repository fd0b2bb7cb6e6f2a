import MaterialsCore

/// Settings that kernel models share.
struct KernelSettings {
    /// Terms of the covariance.
    var forms: [CovarianceForm]
    /// Of the standardised features; nil is chosen.
    var lengthScale: Double?
    /// Rows that settings are chosen on.
    var choiceRows: Int
    /// Rows up to which the fit is exact.
    var exactRows: Int
    /// Inducing rows past that.
    var inducing: Int
    /// Inducing points were asked for, however many rows there are.
    var alwaysInduces: Bool
    /// Nil is chosen.
    var precision: KernelPrecision?

    init(_ settings: inout Settings, defaultKernel: CovarianceForm, choiceRows: Int) throws {
        forms = try Self.forms(&settings) ?? [defaultKernel]
        lengthScale = try Self.positive("length_scale", 1e-3...1e6, &settings)
        self.choiceRows = try settings.integer("rows_for_hyperparameters", default: choiceRows, in: 10...5_000)
        exactRows = try settings.integer("exact_rows", default: 20_000, in: 1...50_000)
        alwaysInduces = settings.keys.contains("inducing")
        inducing = try settings.integer("inducing", default: 2_000, in: 1...10_000)
        precision = nil
        if let name = try settings.text("precision"), name != "auto" {
            guard let p = KernelPrecision(rawValue: name) else {
                throw Settings.error(
                    settings.line(of: "precision"), "'precision' of \(settings.subject) must be auto, single or double, not '\(name)'")
            }
            precision = p
        }
    }

    /// A positive number that may be left out.
    static func positive(_ key: String, _ range: ClosedRange<Double>, _ settings: inout Settings) throws -> Double? {
        guard let value = try settings.number(key) else { return nil }
        guard range.contains(value) else {
            throw Settings.error(
                settings.line(of: key), "'\(key)' of \(settings.subject) must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    /// `matern32`, `rbf + matern12`, or a list of names.
    private static func forms(_ settings: inout Settings) throws -> [CovarianceForm]? {
        guard let texts = try settings.texts("kernel") else { return nil }
        let names = texts.flatMap { $0.split(separator: "+").map { String($0).filter { $0 != " " } } }
        let all = CovarianceForm.allCases.map(\.rawValue)
        let line = settings.line(of: "kernel")
        guard (1...4).contains(names.count) else {
            throw Settings.error(line, "'kernel' of \(settings.subject) must name one to four of \(all.joined(separator: ", "))")
        }
        return try names.map { name in
            guard let form = CovarianceForm(rawValue: name) else {
                throw Settings.error(line, "'\(name)' is not a kernel of \(settings.subject)" + suggestion(for: name, among: all))
            }
            return form
        }
    }

    /// Whether so many rows are fitted by inducing points.
    func induces(_ rows: Int) -> Bool { alwaysInduces || rows > exactRows }
}
