import Foundation
import MaterialsCore

/// The command line of a benchmark program.
///
///     PROGRAM [NAME]... [--tiny] [--json] [--repeats N] [--warm-ups N] [--threads N] [--history FILE] [--commit TEXT]
///             [--datasets DIR] [--OPTION VALUE]...
///     PROGRAM list
///     PROGRAM compare BEFORE.jsonl AFTER.jsonl
///
/// Without a name all benchmarks run. The table for people goes to standard error. Standard output gets one JSON object on one
/// line a benchmark, with `--json` or where it is not a terminal. Exit codes are those of `matsieve`.
public struct BenchmarkCommand {
    private let benchmarks: [Benchmark]
    private var names: [String] = []
    private var context = BenchmarkContext()
    private var repeats: Int?
    private var warmUps = 1
    private var json = isatty(STDOUT_FILENO) == 0
    private var history: String?
    private var commit = "unknown"

    /// Runs the command line; the result is the exit code.
    public static func main(_ benchmarks: [Benchmark], arguments: [String] = Array(CommandLine.arguments.dropFirst())) -> Int32 {
        do {
            switch arguments.first {
            case "list": list(benchmarks)
            case "compare": try compare(Array(arguments.dropFirst()))
            default:
                var command = BenchmarkCommand(benchmarks)
                try command.parse(arguments)
                try command.run()
            }
            return 0
        } catch {
            say("matsieve-bench: \(error)")
            return (error as? MatSieveError)?.kind.rawValue ?? 1
        }
    }

    init(_ benchmarks: [Benchmark]) { self.benchmarks = benchmarks }

    // MARK: - Reading

    mutating func parse(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                names.append(argument)
                continue
            }
            switch argument {
            case "--tiny": context.tiny = true
            case "--json": json = true
            default:
                guard let value = rest.popFirst() else { throw MatSieveError.usage("\(argument) needs a value") }
                try set(String(argument.dropFirst(2)), value)
            }
        }
        try checkNames()
    }

    private mutating func set(_ option: String, _ value: String) throws {
        switch option {
        case "repeats": repeats = try positive(option, value)
        case "warm-ups": warmUps = try positive(option, value, from: 0)
        case "threads": context.threads = try positive(option, value)
        case "history": history = value
        case "commit": commit = value
        case "datasets": context.datasets = value
        default: context.options[option] = value
        }
    }

    private func positive(_ option: String, _ value: String, from least: Int = 1) throws -> Int {
        guard let n = Int(value), n >= least else { throw MatSieveError.usage("--\(option) must be a whole number from \(least)") }
        return n
    }

    private func checkNames() throws {
        for name in names where !benchmarks.contains(where: { $0.name == name }) {
            throw MatSieveError.usage("no benchmark '\(name)'; there are: " + benchmarks.map(\.name).joined(separator: ", "))
        }
        for option in context.options.keys.sorted() where !selected.contains(where: { $0.optionNames.contains(option) }) {
            throw MatSieveError.usage("no option '--\(option)' of " + selected.map(\.name).joined(separator: ", "))
        }
    }

    private var selected: [Benchmark] { names.isEmpty ? benchmarks : benchmarks.filter { names.contains($0.name) } }

    // MARK: - Running

    private func run() throws {
        let origin = MeasurementOrigin.here(commit: commit)
        Self.say(BenchmarkTable.measurementHeader(origin))
        for benchmark in selected {
            let measurement = try benchmark.measure(
                repeats: repeats ?? (context.tiny ? 1 : 3), warmUps: context.tiny ? 0 : warmUps, context: context, origin: origin)
            Self.say(BenchmarkTable.row(measurement))
            if json { print(try History.line(measurement)) }
            fflush(nil)
            if let history { try History.append(measurement, to: history) }
        }
    }

    private static func list(_ benchmarks: [Benchmark]) {
        for b in benchmarks {
            let options = b.optionNames.map { " --\($0)" }.joined()
            print("\(b.name)\(options)\n    \(b.summary)")
        }
    }

    private static func compare(_ paths: [String]) throws {
        guard paths.count == 2 else { throw MatSieveError.usage("compare takes two files: compare BEFORE.jsonl AFTER.jsonl") }
        let comparisons = Comparison.compare(try History.read(paths[0]), try History.read(paths[1]))
        if comparisons.isEmpty { throw MatSieveError.input("\(paths[0]) and \(paths[1]) have no benchmark in common") }
        print(BenchmarkTable.comparisonHeader)
        for c in comparisons { print(BenchmarkTable.row(c)) }
    }

    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
