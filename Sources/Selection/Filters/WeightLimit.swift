import MaterialsCore

/// How much of an element a filter tolerates: `1 wt%`, `100 ppm`, `none`, or what the law says.
enum WeightLimit: Equatable, Sendable {
    /// As a fraction of the mass, with the words it was given in.
    case share(Double, words: String)
    /// The limit that the source of the list sets.
    case law

    /// Reads the limit of a table.
    init(_ setting: Setting, of table: String) throws {
        let text: String
        switch setting.value {
        case .text(let t): text = t
        case .number: text = setting.source
        default: text = ""
        }
        let words = text.split(separator: " ").joined(separator: " ")
        if words == "law" {
            self = .law
        } else if words == "none" {
            self = .share(0, words: "absent")
        } else {
            guard let (number, unit) = Self.parts(words), let scale = Self.scales.first(where: { $0.unit == unit })?.scale,
                number >= 0, number * scale <= 1
            else {
                throw Settings.error(
                    setting.line, "limit '\(text)' of '\(table)' must be a share of the mass, such as 1 wt% or 100 ppm, or none, or law")
            }
            self = .share(number * scale, words: "up to \(words)")
        }
    }

    /// As a fraction of the mass; nil for the law's.
    var fraction: Double? { if case .share(let fraction, _) = self { fraction } else { nil } }
    /// For the funnel.
    var words: String { if case .share(_, let words) = self { words } else { "within the law's limits" } }

    private static let scales: [(unit: String, scale: Double)] = [("%", 1e-2), ("wt%", 1e-2), ("wt %", 1e-2), ("ppm", 1e-6)]

    private static func parts(_ text: String) -> (Double, String)? {
        let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" }
        guard let number = Double(digits) else { return nil }
        let rest = text.dropFirst(digits.count)
        return (number, String(rest.first == " " ? rest.dropFirst() : rest))
    }
}
