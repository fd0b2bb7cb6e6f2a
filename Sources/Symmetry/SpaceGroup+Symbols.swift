import MaterialsCore

/// Settings by the symbols that files use.
///
/// Spaces, underscores, quotes and case do not count. Known are short and full international symbols (`P 21/c`, `P 1 21/c 1`, `F m -3 m`,
/// `F 4/m -3 2/m`), those before 1992 (`F m 3 m`, `C m c a` for `C m c e`), endings that name the axes or the origin (`:H`, `:R`,
/// `:1`, `:2`, `:b1`, ` H`, ` R`, and ` S` for origin 1, ` Z` for origin 2).
///
/// - Source: International Tables for Crystallography A, table 4.3.2.1 (symbols with and without the glide letter e)
extension SpaceGroup {
    /// The settings that a symbol may mean, in order of preference: unique axis b, then c, a; hexagonal before rhombohedral axes; origin 1
    /// before origin 2. Empty where the symbol is unknown.
    public static func settings(symbol: String) -> [SpaceGroup] {
        let (name, choice) = split(normalized(symbol))
        if let numbers = hallNumbers[name] { return matching(numbers, choice) }
        guard choice.isEmpty, let last = name.last, let numbers = hallNumbers[String(name.dropLast())] else { return [] }
        return switch last {
        case "h", "r": name.hasPrefix("r") ? matching(numbers, String(last)) : []
        case "s": matching(numbers, "1")
        case "z": matching(numbers, "2")
        default: []
        }
    }

    /// The settings of a number in International Tables, the standard one first.
    public static func settings(number: Int) -> [SpaceGroup] { all.filter { $0.number == number } }

    /// Operations of a Hall symbol, of this table or not; nil where it is none.
    public static func operations(hallSymbol: String) -> [SymmetryOperation]? { HallSymbol(hallSymbol)?.operations }

    private static func matching(_ numbers: [Int], _ choice: String) -> [SpaceGroup] {
        let settings = numbers.map { all[$0 - 1] }
        if choice.isEmpty { return settings }
        let exact = settings.filter { $0.choice.lowercased() == choice }
        if !exact.isEmpty { return exact }
        return settings.filter { $0.choice.lowercased().hasPrefix(choice) }
    }

    /// Lower case without spaces, underscores and quotes.
    static func normalized(_ symbol: String) -> String {
        var name = ""
        for c in symbol.utf8 where c > 32 && c < 127 && c != UInt8(ascii: "_") && c != UInt8(ascii: "'") && c != UInt8(ascii: "\"") {
            name.unicodeScalars.append(Unicode.Scalar(c >= 65 && c <= 90 ? c | 32 : c))
        }
        return name
    }

    /// Name and ending.
    private static func split(_ name: String) -> (name: String, choice: String) {
        if let colon = name.firstIndex(of: ":") { return (String(name[..<colon]), String(name[name.index(after: colon)...])) }
        if let bracket = name.firstIndex(of: "("), name.hasSuffix(")") {
            let words = name[bracket...].dropFirst().dropLast()
            let choice = words.last.map { "12".contains($0) ? String($0) : words.hasPrefix("h") ? "h" : words.hasPrefix("r") ? "r" : "?" }
            return (String(name[..<bracket]), choice ?? "")
        }
        return (name, "")
    }

    /// Hall numbers by normalised symbol.
    private static let hallNumbers: [String: [Int]] = {
        var table: [String: [Int]] = [:]
        func add(_ symbol: String, _ group: SpaceGroup) {
            let name = normalized(symbol)
            if table[name]?.contains(group.hallNumber) != true { table[name, default: []].append(group.hallNumber) }
        }
        for group in all {
            for symbol in group.ownSymbols { add(symbol, group) }
        }
        return table
    }()

    /// Symbols that mean this setting (or several with this one among them).
    var ownSymbols: [String] {
        var symbols = [fullSymbol] + listedSymbols.dropFirst(number < 16 ? 1 : 0)
        if number < 3 || number > 15 || choice == "b" || choice == "b1" { symbols.append(symbol) }
        if (3...15).contains(number) { symbols.append(Self.withoutOnes(fullSymbol)) }
        if let old = Self.symbolsWithoutE[hallNumber] { symbols.append(old) }
        // Until 1992 the inversion of cubic threefold axes was left out.
        if number >= 195 { symbols += symbols.map { Self.replacing("-3", with: "3", in: $0) } }
        return symbols
    }

    /// `P 2_1/n` of `P 1 2_1/n 1`.
    private static func withoutOnes(_ symbol: String) -> String {
        symbol.split(separator: " ").filter { $0 != "1" }.joined(separator: " ")
    }

    private static func replacing(_ old: String, with new: String, in text: String) -> String {
        text.split(separator: " ").map { $0 == old ? new : String($0) }.joined(separator: " ")
    }

    /// Symbols of groups 39, 41, 64, 67 and 68 before the glide letter e, by Hall number.
    private static let symbolsWithoutE: [Int: String] = {
        let names: [(first: Int, names: [String])] = [
            (191, ["A b m 2", "B m a 2", "B 2 c m", "C 2 m b", "C m 2 a", "A c 2 m"]),
            (203, ["A b a 2", "B b a 2", "B 2 c b", "C 2 c b", "C c 2 a", "A c 2 a"]),
            (304, ["C m c a", "C c m b", "A b m a", "A c a m", "B b c m", "B m a b"]),
            (316, ["C m m a", "C m m b", "A b m m", "A c m m", "B m c m", "B m a m"]),
            (
                322,
                [
                    "C c c a", "C c c a", "C c c b", "C c c b", "A b a a", "A b a a", "A c a a", "A c a a", "B b c b", "B b c b",
                    "B b a b", "B b a b",
                ]
            ),
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { entry in entry.names.enumerated().map { (entry.first + $0, $1) } })
    }()
}
