import Foundation

/// Runs one scenario in a folder of its own, with the built binary.
struct ScenarioRun {
    let scenario: Scenario
    let folder: URL

    struct Result {
        var exit: Int32 = 0
        var stdout = ""
        var stderr = ""
    }

    /// Folder of the built products: the tests' own.
    static let products =
        Bundle.main.bundleURL.pathExtension == "xctest"
        ? Bundle.main.bundleURL.deletingLastPathComponent() : URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    /// Root of the checkout.
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs all steps; nil where the scenario needs what this machine has not.
    static func run(_ scenario: Scenario) throws -> [String]? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "matsieve-scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try ScenarioRun(scenario: scenario, folder: folder).run()
    }

    private func run() throws -> [String]? {
        var failures: [String] = []
        var last = Result()
        for (line, step) in scenario.steps {
            switch step {
            case .file(let name, let text):
                let url = folder.appending(path: name)
                try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            case .needs(let command): if try shell(command).exit != 0 { return nil }
            case .command(let command): last = try shell(command)
            case .check(let word, let rest):
                if let failure = try check(word, rest, last) {
                    failures.append("\(scenario.name).scenario:\(line): \(word) \(rest): \(failure)")
                }
            }
        }
        return failures
    }

    private func shell(_ command: String) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = Self.products.path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["CHECKOUT"] = Self.checkout.path
        environment["SWIFT_BACKTRACE"] = "enable=no"
        for name in environment.keys
        where name.hasPrefix("SLURM_") || name.hasPrefix("PBS_") || name.hasPrefix("PJM_")
            || name.hasPrefix("OPENBLAS_")
        {
            environment[name] = nil
        }
        process.environment = environment
        let (out, err) = (folder.appending(path: ".stdout"), folder.appending(path: ".stderr"))
        for url in [out, err] { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return Result(exit: process.terminationStatus, stdout: text(out), stderr: text(err))
    }

    private func text(_ url: URL) -> String { String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self) }

    /// What is wrong, or nil.
    private func check(_ word: String, _ rest: String, _ last: Result) throws -> String? {
        let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
        func data(_ i: Int) -> Data? { parts.indices.contains(i) ? try? Data(contentsOf: folder.appending(path: parts[i])) : nil }
        switch word {
        case "exit": return Int32(rest) == last.exit ? nil : "was \(last.exit); \(last.stderr.suffix(400))"
        case "stdout": return last.stdout.contains(rest) ? nil : "was: \(last.stdout.prefix(600))"
        case "stderr": return last.stderr.contains(rest) ? nil : "was: \(last.stderr.prefix(600))"
        case "one-line":
            let lines = last.stderr.split(separator: "\n")
            return lines.count == 1 ? nil : "\(lines.count) lines: \(last.stderr.prefix(600))"
        case "exists": return FileManager.default.fileExists(atPath: folder.appending(path: rest).path) ? nil : "is absent"
        case "absent": return FileManager.default.fileExists(atPath: folder.appending(path: rest).path) ? "is there" : nil
        case "same", "differ":
            guard let a = data(0), let b = data(1) else { return "one of them is absent" }
            return (a == b) == (word == "same") ? nil : "\(a.count) and \(b.count) bytes"
        case "contains", "lacks":
            guard let content = data(0) else { return "is absent" }
            return String(decoding: content, as: UTF8.self).contains(parts[1]) == (word == "contains")
                ? nil : "holds: \(String(decoding: content.prefix(600), as: UTF8.self))"
        case "lines":
            guard let content = data(0) else { return "is absent" }
            let lines = content.split(separator: UInt8(ascii: "\n")).count
            return parts.count == 2 && Int(parts[1]) == lines ? nil : "has \(lines)"
        default: throw ScenarioError("\(scenario.name): unknown check '\(word)'")
        }
    }
}
