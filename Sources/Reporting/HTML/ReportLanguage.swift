/// Language of the report for people.
public enum ReportLanguage: String, CaseIterable, Sendable {
    /// English.
    case en
    /// Japanese.
    case ja

    /// The text in this language; both stand at the place of use, so that neither is forgotten.
    func callAsFunction(_ english: String, _ japanese: String) -> String { self == .en ? english : japanese }
}
