import Foundation

/// A text that anyone can write: files, commands, and what must come of them.
///
///     # one line says what it shows
///     file plan.yaml
///     | name: example
///     $ matsieve run plan.yaml
///     exit 2
///     stderr unknown key 'nmae'
///     absent example-run
///
/// Steps: `file NAME` and its `| lines`; `$ COMMAND` (a shell command, `matsieve` is the binary under test); then checks of it:
/// `exit N`, `stdout TEXT`, `stderr TEXT` (contain), `one-line` (standard error is one line), and of what lies there:
/// `exists PATH`, `absent PATH`, `same A B` (equal bytes), `differ A B`, `contains PATH TEXT`, `lacks PATH TEXT`, `lines PATH N`.
/// `needs COMMAND` passes the scenario over where the command fails. `$` in a path or text stands for itself.
struct Scenario: CustomStringConvertible, Sendable {
    enum Step: Sendable {
        case file(name: String, text: String)
        case command(String)
        case check(String, String)
        case needs(String)
    }

    let name: String
    let steps: [(line: Int, step: Step)]

    var description: String { name }

    init(_ text: String, name: String) throws {
        self.name = name
        var steps: [(line: Int, step: Step)] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("|") {
                guard case .file(let file, let body)? = steps.last?.step else {
                    throw ScenarioError("\(name):\(number + 1): '|' without 'file'")
                }
                steps[steps.count - 1].step = .file(name: file, text: body + line.dropFirst(line.hasPrefix("| ") ? 2 : 1) + "\n")
                continue
            }
            if line.isEmpty || line.hasPrefix("#") { continue }
            let word = String(line.prefix { $0 != " " })
            let rest = String(line.dropFirst(word.count + 1))
            switch word {
            case "file": steps.append((number + 1, .file(name: rest, text: "")))
            case "$": steps.append((number + 1, .command(rest)))
            case "needs": steps.append((number + 1, .needs(rest)))
            default: steps.append((number + 1, .check(word, rest)))
            }
        }
        self.steps = steps
    }

    /// All scenarios of the tree, by name.
    static let all: [Scenario] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scenarios").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".scenario") }.sorted() ?? []
        return names.map { name in
            let text = String(decoding: FileManager.default.contents(atPath: folder + "/" + name) ?? Data(), as: UTF8.self)
            return try! Scenario(text, name: String(name.dropLast(9)))
        }
    }()
}

/// A scenario that is written wrongly, or failed.
struct ScenarioError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
