/// A text for people, in English and Japanese.
public struct BilingualText: Codable, Equatable, Sendable {
    /// In English.
    public var en: String
    /// In Japanese.
    public var ja: String

    /// Makes a text in both languages.
    public init(en: String, ja: String) { (self.en, self.ja) = (en, ja) }

    /// Makes a text that is the same in both, as words of files are.
    public init(_ text: String) { self.init(en: text, ja: text) }
}
