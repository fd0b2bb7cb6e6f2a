/// Elements that a law or guideline names, as filters take them: by atomic number, the first of each array unused.
public struct ElementList: Equatable, Sendable {
    /// Name of the table.
    public let name: String
    /// Year and edition of its source.
    public let edition: String
    /// True for elements that are on the list.
    public var listed = [Bool](repeating: false, count: Element.symbols.count)
    /// True for elements that are on the list or not, depending on what a composition does not tell.
    public var review = [Bool](repeating: false, count: Element.symbols.count)
    /// Weight fraction up to which the source itself tolerates an element; NaN where it sets none.
    public var limits = [Double](repeating: .nan, count: Element.symbols.count)

    /// An empty list.
    public init(name: String, edition: String) { (self.name, self.edition) = (name, edition) }

    /// True where the source sets a limit for all that it names.
    public var setsLimits: Bool { listed.indices.allSatisfy { !(listed[$0] || review[$0]) || !limits[$0].isNaN } }
}
