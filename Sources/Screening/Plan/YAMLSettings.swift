import MaterialsCore
import Yams

/// Decodes YAML into settings that know their line.
///
/// Strict on purpose: anchors and aliases are refused (they expand exponentially), keys must be plain text and may
/// not repeat, and only `true`, `false`, `null`, `~` and numbers are anything but text.
public enum YAMLSettings {
    /// A plan larger than this is a mistake.
    static let maximumBytes = 4 << 20

    /// Decodes one document; `subject` names it in errors.
    public static func decode(_ text: String, subject: String) throws -> Setting {
        guard text.utf8.count <= maximumBytes else {
            throw MatSieveError.usage("\(subject) is larger than \(maximumBytes >> 20) MiB; list candidates in a file of their own")
        }
        do {
            // The parser holds the anchors; without it they could no longer be seen in the nodes.
            let parser = try Parser(yaml: text, encoding: .utf8)
            return try withExtendedLifetime(parser) {
                guard let node = try parser.singleRoot() else { throw MatSieveError.usage("\(subject) is empty") }
                return try setting(node, depth: 0)
            }
        } catch let error as YamlError {
            throw MatSieveError.usage("\(subject): \(describe(error))")
        } catch let error as MatSieveError {
            throw MatSieveError(error.kind, error.message.hasPrefix("line") ? "\(subject), \(error.message)" : error.message)
        }
    }

    private static func setting(_ node: Node, depth: Int) throws -> Setting {
        let line = node.mark?.line ?? 0
        guard depth < 64 else { throw Settings.error(line, "nested too deeply") }
        guard node.anchor == nil, node.alias == nil else {
            throw Settings.error(line, "YAML anchors and aliases are not supported; write the value out")
        }
        switch node {
        case .scalar(let s): return scalar(s, line: line)
        case .sequence(let s): return Setting(.list(try s.map { try setting($0, depth: depth + 1) }), line: line)
        case .mapping(let m):
            return Setting(
                .mapping(
                    try m.map { key, value in
                        guard let name = key.scalar?.string, key.anchor == nil else {
                            throw Settings.error(key.mark?.line ?? line, "a key must be plain text")
                        }
                        return (name, key.mark?.line ?? line, try setting(value, depth: depth + 1))
                    }), line: line)
        case .alias: throw Settings.error(line, "YAML anchors and aliases are not supported; write the value out")
        }
    }

    private static func scalar(_ s: Node.Scalar, line: Int) -> Setting {
        let text = s.string
        guard s.style == .plain || s.style == .any else { return Setting(.text(text), line: line, source: text) }
        switch text {
        case "", "~", "null": return Setting(.null, line: line, source: text)
        case "true": return Setting(.boolean(true), line: line, source: text)
        case "false": return Setting(.boolean(false), line: line, source: text)
        default:
            // Only what looks like a number: Double also reads "nan", "inf" and hexadecimal.
            if let first = text.utf8.first, "+-.0123456789".utf8.contains(first), !text.contains("x"), let n = Double(text), n.isFinite {
                return Setting(.number(n), line: line, source: text)
            }
            return Setting(.text(text), line: line, source: text)
        }
    }

    private static func describe(_ error: YamlError) -> String {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let detail = context.map { " (\($0.text.trimmingPrefix(" ")))" } ?? ""
            return "line \(mark.line), column \(mark.column): not valid YAML: \(problem)\(detail)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            return "line \(context.mark.line): the key '\(duplicates.first ?? "")' stands twice"
        default: return "not valid YAML"
        }
    }
}

extension Setting {
    /// A copy with the value at a dotted path (`ranking.keep`, `filters.0`) replaced or added; used by `--set KEY=VALUE`.
    public func replacing(_ path: ArraySlice<Substring>, with new: Setting, whole: String) throws -> Setting {
        guard let key = path.first else { return new }
        switch value {
        case .mapping(var entries):
            if let i = entries.firstIndex(where: { $0.key == key }) {
                entries[i].value = try entries[i].value.replacing(path.dropFirst(), with: new, whole: whole)
            } else {
                guard path.count == 1 else {
                    throw MatSieveError.usage(
                        "--set \(whole): the plan has no '\(key)'" + suggestion(for: String(key), among: entries.map(\.key)))
                }
                entries.append((String(key), 0, new))
            }
            return Setting(.mapping(entries), line: line)
        case .list(var items):
            guard let i = Int(key), items.indices.contains(i) else {
                throw MatSieveError.usage("--set \(whole): '\(key)' is no position in a list of \(items.count) (they count from 0)")
            }
            items[i] = try items[i].replacing(path.dropFirst(), with: new, whole: whole)
            return Setting(.list(items), line: line)
        default: throw MatSieveError.usage("--set \(whole): '\(key)' stands below a plain value")
        }
    }
}
