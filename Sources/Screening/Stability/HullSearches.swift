import Stability
import Synchronization

/// Searches of one diagram, lent to one batch at a time, so that the hulls that one batch met serve the next.
///
/// What a search met before does not show in its answers, so it does not matter who gets which.
final class HullSearches: Sendable {
    private let diagram: PhaseDiagram
    private let idle = Mutex<[HullSearch]>([])

    init(_ diagram: PhaseDiagram) { self.diagram = diagram }

    func withSearch(_ body: (inout HullSearch) -> Void) {
        var search = idle.withLock { $0.popLast() } ?? HullSearch(diagram)
        body(&search)
        idle.withLock { $0.append(search) }
    }
}
