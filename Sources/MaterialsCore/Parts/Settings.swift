/// A decoded setting with the place it stands in, so that errors can name the line.
public struct Setting: Sendable {
    /// The value.
    public indirect enum Value: Sendable {
        case null
        case boolean(Bool)
        case number(Double)
        case text(String)
        case list([Setting])
        /// In the order of the file.
        case mapping([(key: String, line: Int, value: Setting)])
    }

    /// The value.
    public var value: Value
    /// Line in the file it came from (from 1); 0 where there is none.
    public var line: Int
    /// What the number or boolean looked like.
    public var source: String

    /// Makes a setting.
    public init(_ value: Value, line: Int = 0, source: String = "") {
        (self.value, self.line, self.source) = (value, line, source)
    }
}

/// A mapping that is read strictly: every key must be asked for, every value has the right type.
///
/// A part reads its keys, then calls `finish()`, which refuses what nobody asked for.
public struct Settings: Sendable {
    private var entries: [(key: String, line: Int, value: Setting)]
    private var asked: [String] = []
    /// What the keys that were asked for take, in the order of asking.
    public private(set) var descriptions: [SettingDescription] = []
    /// What the mapping configures, for messages: `ranking`, `model 'ridge'`.
    public let subject: String
    /// Line of the mapping (0 where there is none).
    public let line: Int

    /// Settings with all defaults.
    public init(subject: String = "settings") {
        entries = []
        self.subject = subject
        line = 0
    }

    /// Reads a mapping; null stands for an empty one.
    public init(_ setting: Setting, subject: String) throws {
        switch setting.value {
        case .mapping(let m): entries = m
        case .null: entries = []
        default: throw Self.error(setting.line, "\(subject) must be a mapping of keys to values")
        }
        self.subject = subject
        line = setting.line
    }

    /// An error that names a line.
    public static func error(_ line: Int, _ message: String) -> MatSieveError {
        .usage(line > 0 ? "line \(line): \(message)" : message)
    }

    /// Keys present, in the order of the file.
    public var keys: [String] { entries.map(\.key) }

    /// The raw setting of a key.
    public mutating func setting(_ key: String) -> Setting? {
        asked.append(key)
        return entries.first { $0.key == key }?.value
    }

    /// The raw setting of a key that takes what the words say.
    public mutating func setting(_ key: String, takes kind: String, default value: String? = nil) -> Setting? {
        describe(key, kind, default: value)
        return setting(key)
    }

    private mutating func describe(_ key: String, _ kind: String, default value: String? = nil) {
        if descriptions.contains(where: { $0.key == key }) { return }
        descriptions.append(SettingDescription(key: key, kind: kind, defaultText: value))
        SettingsRecord.current?.note(descriptions[descriptions.count - 1], of: subject)
    }

    /// Line of a key, or of the mapping.
    public func line(of key: String) -> Int { entries.first { $0.key == key }?.line ?? line }

    /// Text; numbers and booleans count as the text they were written as.
    public mutating func text(_ key: String) throws -> String? {
        describe(key, "text")
        guard let s = setting(key) else { return nil }
        switch s.value {
        case .text(let t): return t
        case .number, .boolean: return s.source
        default: throw Self.error(s.line, "'\(key)' of \(subject) must be text")
        }
    }

    /// Text that must be there.
    public mutating func requiredText(_ key: String) throws -> String {
        guard let t = try text(key) else { throw Self.error(line, "\(subject) needs '\(key)'") }
        return t
    }

    /// A number.
    public mutating func number(_ key: String) throws -> Double? {
        describe(key, "number")
        guard let s = setting(key) else { return nil }
        guard case .number(let n) = s.value else { throw Self.error(s.line, "'\(key)' of \(subject) must be a number") }
        return n
    }

    /// A number in a range.
    public mutating func number(_ key: String, default value: Double, in range: ClosedRange<Double>) throws -> Double {
        describe(key, "number from \(numberText(range.lowerBound)) to \(numberText(range.upperBound))", default: numberText(value))
        let n = try number(key) ?? value
        guard range.contains(n) else {
            throw Self.error(line(of: key), "'\(key)' of \(subject) must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return n
    }

    /// A whole number in a range.
    public mutating func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        describe(key, "whole number from \(range.lowerBound) to \(range.upperBound)", default: "\(value)")
        guard let n = try number(key) else { return value }
        guard n == n.rounded(), let i = Int(exactly: n), range.contains(i) else {
            throw Self.error(line(of: key), "'\(key)' of \(subject) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return i
    }

    /// True or false.
    public mutating func boolean(_ key: String, default value: Bool) throws -> Bool {
        describe(key, "true or false", default: "\(value)")
        guard let s = setting(key) else { return value }
        guard case .boolean(let b) = s.value else { throw Self.error(s.line, "'\(key)' of \(subject) must be true or false") }
        return b
    }

    /// One of the cases of an enumeration, by raw value.
    public mutating func choice<C: RawRepresentable & CaseIterable>(_ key: String, default value: C) throws -> C
    where C.RawValue == String {
        describe(key, C.allCases.map(\.rawValue).joined(separator: ", "), default: value.rawValue)
        guard let t = try text(key) else { return value }
        guard let c = C(rawValue: t) else {
            throw Self.error(line(of: key), "'\(t)' is not a \(key) of \(subject)" + suggestion(for: t, among: C.allCases.map(\.rawValue)))
        }
        return c
    }

    /// A list; a single value counts as a list of one.
    public mutating func list(_ key: String) -> [Setting]? {
        describe(key, "list")
        guard let s = setting(key) else { return nil }
        if case .list(let l) = s.value { return l }
        if case .null = s.value { return [] }
        return [s]
    }

    /// A list of texts; a single text counts as a list of one.
    public mutating func texts(_ key: String) throws -> [String]? {
        describe(key, "list of names")
        return try list(key)?.map { s in
            switch s.value {
            case .text(let t): return t
            case .number, .boolean: return s.source
            default: throw Self.error(s.line, "'\(key)' of \(subject) must be a list of names")
            }
        }
    }

    /// Refuses keys that nobody asked for.
    public func finish() throws {
        for e in entries where !asked.contains(e.key) {
            throw Self.error(e.line, "unknown key '\(e.key)' in \(subject)" + suggestion(for: e.key, among: Set(asked)))
        }
    }

    /// The settings as canonical text, for hashes and model cards.
    public var canonicalText: String {
        Setting(.mapping(entries), line: 0).canonicalText
    }
}

/// What a key of some settings takes.
public struct SettingDescription: Equatable, Sendable {
    /// The key.
    public var key: String
    /// Type and range, in words.
    public var kind: String
    /// What holds where it is not given; nil where that follows from other things, or it must be given.
    public var defaultText: String?
}

extension Setting {
    /// One line of JSON-like text with keys in sorted order: equal settings, equal text.
    ///
    /// A number that is not written in its shortest form keeps its source beside it (`1.0=01`), since a part may read it as text.
    public var canonicalText: String {
        switch value {
        case .null: return "null"
        case .boolean(let b): return b ? "true" : "false"
        case .number(let n): return source.isEmpty || source == numberText(n) ? "\(n)" : "\(n)=\(source)"
        case .text(let t): return quoted(t)
        case .list(let l): return "[" + l.map(\.canonicalText).joined(separator: ",") + "]"
        case .mapping(let m):
            return "{" + m.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + $0.value.canonicalText }.joined(separator: ",") + "}"
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
