import MaterialsCore

/// Crystal radii of ions.
///
/// - Source: Shannon's; for ions that he does not have those fitted by Baloch et al.; see `IonicRadiusTable`.
enum IonicRadius {
    /// Where in the tables the radii of an ion are.
    private static let places: [Int: [(coordination: Int, radius: Double)]] = {
        var places: [Int: [(coordination: Int, radius: Double)]] = [:]
        for r in IonicRadiusTable.shannon + IonicRadiusTable.fitted {
            places[key(r.atomicNumber, r.charge), default: []].append((r.coordination, r.radius))
        }
        return places
    }()

    private static func key(_ atomicNumber: Int, _ charge: Int) -> Int { atomicNumber * 64 + charge + 32 }

    /// Crystal radii in Å of an ion and of one that stands in for it, at the tabulated coordination that is nearest of those that both
    /// have; where they have none in common, each at its nearest. Of two as near the lower; nil where one has no radius.
    static func pair(_ old: Element, _ new: Element, charge: Int, coordination: Int) -> (old: Double, new: Double)? {
        guard let a = places[key(Int(old.atomicNumber), charge)], let b = places[key(Int(new.atomicNumber), charge)] else { return nil }
        func nearest(_ list: [(coordination: Int, radius: Double)]) -> (coordination: Int, radius: Double)? {
            list.min { abs($0.coordination - coordination) < abs($1.coordination - coordination) }
        }
        let common = nearest(a.filter { x in b.contains { $0.coordination == x.coordination } })
        if let common, let other = b.first(where: { $0.coordination == common.coordination }) { return (common.radius, other.radius) }
        return (nearest(a)!.radius, nearest(b)!.radius)
    }

    /// True where the ion has a radius.
    static func isKnown(_ element: Element, charge: Int) -> Bool { places[key(Int(element.atomicNumber), charge)] != nil }
}
