import Foundation

/// The command line of a benchmark program.
///
///     PROGRAM [NAME]... [--tiny] [--json] [--runs N] [--warm-up N] [--threads N] [--history FILE] [--commit TEXT] [--datasets DIR] [--OPTION VALUE]...
///     PROGRAM list
///     PROGRAM compare BEFORE.jsonl AFTER.jsonl
///
/// Without a name all benchmarks run. `--json` prints one line a benchmark on standard output instead of the table.
public struct BenchmarkCommand {
    private let benchmarks: [Benchmark]
    private var names: [String] = []
    private var context = BenchmarkContext()
    private var runs: Int?
    private var warmUp = 1
    private var json = false
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
        } catch let error as UsageError {
            printError(error.message)
            return 2
        } catch {
            printError("\(error)")
            return 3
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
                guard let value = rest.popFirst() else { throw UsageError(message: "\(argument) needs a value") }
                try set(String(argument.dropFirst(2)), value)
            }
        }
        try checkNames()
    }

    private mutating func set(_ option: String, _ value: String) throws {
        switch option {
        case "runs": runs = try positive(option, value)
        case "warm-up": warmUp = try positive(option, value, from: 0)
        case "threads": context.threads = try positive(option, value)
        case "history": history = value
        case "commit": commit = value
        case "datasets": context.datasets = value
        default: context.options[option] = value
        }
    }

    private func positive(_ option: String, _ value: String, from least: Int = 1) throws -> Int {
        guard let n = Int(value), n >= least else { throw UsageError(message: "--\(option) must be a whole number from \(least)") }
        return n
    }

    private func checkNames() throws {
        for name in names where !benchmarks.contains(where: { $0.name == name }) {
            throw UsageError(message: "no benchmark '\(name)'; there are: " + benchmarks.map(\.name).joined(separator: ", "))
        }
        for option in context.options.keys.sorted() where !selected.contains(where: { $0.optionNames.contains(option) }) {
            throw UsageError(message: "no option '--\(option)' of " + selected.map(\.name).joined(separator: ", "))
        }
    }

    private var selected: [Benchmark] { names.isEmpty ? benchmarks : benchmarks.filter { names.contains($0.name) } }

    // MARK: - Running

    private func run() throws {
        let origin = MeasurementOrigin.here(commit: commit)
        if !json { print(BenchmarkTable.measurementHeader(origin)) }
        for benchmark in selected {
            let measurement = try benchmark.measure(
                runs: runs ?? (context.tiny ? 1 : 5), warmUp: context.tiny ? 0 : warmUp, context: context, origin: origin)
            print(json ? try History.line(measurement) : BenchmarkTable.row(measurement))
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
        guard paths.count == 2 else { throw UsageError(message: "compare takes two files: compare BEFORE.jsonl AFTER.jsonl") }
        let comparisons = Comparison.compare(try History.read(paths[0]), try History.read(paths[1]))
        if comparisons.isEmpty { throw HistoryError(message: "\(paths[0]) and \(paths[1]) have no benchmark in common") }
        print(BenchmarkTable.comparisonHeader)
        for c in comparisons { print(BenchmarkTable.row(c)) }
    }

    private static func printError(_ message: String) { FileHandle.standardError.write(Data("matsieve-bench: \(message)\n".utf8)) }
}

/// A wrong command line, in one line.
struct UsageError: Error { var message: String }
