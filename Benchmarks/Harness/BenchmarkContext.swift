import MaterialsCore

/// What a benchmark is run with.
public struct BenchmarkContext: Sendable {
    /// True to try the program on a small input; the figures mean nothing then.
    public var tiny: Bool
    /// Threads the work may use.
    public var threads: Int
    /// The folder `Datasets`, with real inputs.
    public var datasets: String
    /// Further options of the benchmark, `--input FILE` as `input: FILE`.
    public var options: [String: String]

    /// Makes a context.
    public init(tiny: Bool = false, threads: Int = 1, datasets: String = "Datasets", options: [String: String] = [:]) {
        (self.tiny, self.threads, self.datasets, self.options) = (tiny, threads, datasets, options)
    }

    /// The value of an option that must be there.
    public func required(_ option: String) throws -> String {
        guard let value = options[option] else { throw MatSieveError.usage("--\(option) is needed") }
        return value
    }

    /// A number given as an option.
    public func number(_ option: String, default value: Double) throws -> Double {
        guard let text = options[option] else { return value }
        guard let number = Double(text), number.isFinite else { throw MatSieveError.usage("--\(option) must be a number") }
        return number
    }

    /// A whole number given as an option.
    public func integer(_ option: String, default value: Int) throws -> Int {
        guard let text = options[option] else { return value }
        guard let number = Int(text) else { throw MatSieveError.usage("--\(option) must be a whole number") }
        return number
    }

    /// One of some words given as an option; the first unless given.
    public func choice(_ option: String, among words: [String]) throws -> String {
        let word = options[option] ?? words[0]
        guard words.contains(word) else { throw MatSieveError.usage("--\(option) must be \(words.joined(separator: " or "))") }
        return word
    }
}
