import MaterialsCore

/// What a JSON or UBJSON file holds. Lists of numbers only are kept flat.
indirect enum StructuredDocument {
    case null
    case boolean(Bool)
    /// Rounding to float32 gives the float32 that is nearest to the file's decimal.
    case number(Double)
    case text(String)
    case numbers([Double])
    case list([StructuredDocument])
    case mapping([String: StructuredDocument])

    /// Deepest nesting that is read.
    static let deepest = 64
}

/// A place in a document, with a name for messages.
struct DocumentPlace {
    let document: StructuredDocument
    let path: String
    let fileName: String

    /// Says that something is not there or not what it should be.
    func damaged(_ what: String) -> MatSieveError {
        .input("\(fileName): '\(path)' \(what); the model is damaged or from another version, write it again")
    }

    /// A member of a mapping, where there is one.
    func member(_ key: String) -> DocumentPlace? {
        guard case .mapping(let members) = document, let member = members[key] else { return nil }
        return DocumentPlace(document: member, path: path.isEmpty ? key : "\(path).\(key)", fileName: fileName)
    }

    /// A member that must be there.
    func required(_ key: String) throws -> DocumentPlace {
        guard let member = member(key) else { throw damaged("has no '\(key)'") }
        return member
    }

    /// Elements of a list.
    func elements() throws -> [DocumentPlace] {
        switch document {
        case .list(let all): return all.map { DocumentPlace(document: $0, path: path, fileName: fileName) }
        case .numbers(let all): return all.map { DocumentPlace(document: .number($0), path: path, fileName: fileName) }
        default: throw damaged("is no list")
        }
    }

    /// Numbers of a list, as many as expected.
    func numbers(count: Int? = nil) throws -> [Double] {
        var result: [Double]
        switch document {
        case .numbers(let all): result = all
        case .list(let all):
            result = try all.map { element in
                switch element {
                case .number(let n): return n
                case .boolean(let b): return b ? 1 : 0
                default: throw damaged("holds something that is no number")
                }
            }
        default: throw damaged("is no list of numbers")
        }
        guard count == nil || result.count == count else { throw damaged("has \(result.count) values instead of \(count!)") }
        return result
    }

    /// Whole numbers of a list.
    func integers(count: Int? = nil) throws -> [Int] {
        try numbers(count: count).map { value in
            guard let whole = Int(exactly: value) else { throw damaged("holds a number that is not whole") }
            return whole
        }
    }

    /// Text.
    func text() throws -> String {
        guard case .text(let text) = document else { throw damaged("is no text") }
        return text
    }

    /// A whole number, written as one or as text.
    func integer() throws -> Int {
        switch document {
        case .number(let n): if let whole = Int(exactly: n) { return whole }
        case .text(let t): if let whole = Int(t) { return whole }
        default: break
        }
        throw damaged("is no whole number")
    }
}
